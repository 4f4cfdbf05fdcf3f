package io.fairlead.nft.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.rules.Notice;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.fixture.ScriptedLibc;
import io.fairlead.linux.netlink.Errno;
import io.fairlead.linux.netlink.MessageWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesetWatchTest {
    private static final int NEW_SET_ELEMENT = 12;
    private static final int NEW_GENERATION = 15;

    private final ScriptedLibc libc = new ScriptedLibc();

    private Optional<RulesetWatch> open() {
        return RulesetWatch.open(
                libc, NetworkNamespace.of(libc, ""), event -> event.table().equals("kube-proxy"));
    }

    private static byte[] message(int type, int sequence, Consumer<MessageWriter> attributes) {
        MessageWriter out = MessageWriter.onHeap(64);
        out.beginNetfilter(10 << 8 | type, 0, sequence, 2, 0);
        attributes.accept(out);
        out.end();
        byte[] bytes = new byte[out.size()];
        out.written().get(bytes);
        return bytes;
    }

    private static byte[] generation(int id, int sequence, String program) {
        return message(NEW_GENERATION, sequence, out -> {
            out.u32(1, id);
            out.u32(2, 4711);
            out.string(3, program);
        });
    }

    private static byte[] element(String table) {
        return message(NEW_SET_ELEMENT, 0, out -> out.string(1, table));
    }

    /**
     * Opening the watch opens two sockets: one for requests and one for events. Therefore the functions socket and
     * connect are called twice.
     */
    @ParameterizedTest
    @CsvSource({"socket, 0", "socket, 1", "connect, 0", "connect, 1", "setsockopt 270 1, 0", "send, 0", "recv, 0"})
    void leavesNoSocketOpenIfTheKernelDoesNotReportChanges(String function, int succeeding) {
        libc.arrives(generation(7, 1, "agent"));
        for (int i = 0; i < succeeding; i++) {
            libc.fail(function, 0);
        }
        libc.fail(function, Errno.EPERM);

        assertThat(open()).isEmpty();
        assertThat(libc.open).isEmpty();
    }

    @Test
    void anotherProgramThatChangesOurTableIsNamedOnce() {
        libc.arrives(generation(7, 1, "agent"));
        RulesetWatch watch = open().orElseThrow();

        libc.arrives(generation(8, 2, "nft")).arrives(element("kube-proxy")).arrives(generation(8, 0, "nft"));
        assertThat(watch.poll()).contains(new Notice.ChangedByOthers("nft", 4711, List.of()));
        libc.arrives(generation(8, 3, "nft"));
        assertThat(watch.poll()).isEmpty();
        libc.arrives(generation(9, 4, "nft")).arrives(element("others")).arrives(generation(9, 0, "nft"));
        assertThat(watch.poll()).isEmpty();
    }

    /** An event that was lost may have been a change of Fairlead's table. */
    @Test
    void droppedAndMalformedEventsCountAsAChange() {
        libc.arrives(generation(7, 1, "agent"));
        RulesetWatch watch = open().orElseThrow();

        libc.arrives(generation(8, 2, "nft")).fail("recv", 0, Errno.ENOBUFS);
        assertThat(watch.poll()).contains(Notice.ChangedByOthers.unknown());
        libc.arrives(generation(9, 3, "nft")).arrives(new byte[5]);
        assertThat(watch.poll()).contains(Notice.ChangedByOthers.unknown());
    }
}

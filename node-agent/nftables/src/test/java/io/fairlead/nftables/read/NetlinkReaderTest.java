package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.ApplyFailedException.Kind;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.fixture.ScriptedLibc;
import io.fairlead.linux.netlink.Errno;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the reader with a fake kernel whose ruleset changes, that refuses requests, and whose calls fail. */
class NetlinkReaderTest {
    private static final int GENERATION_ID = 1;
    /**
     * The sequence number of the last request in one attempt without sets: the generation, six dumps, and the
     * generation again.
     */
    private static final int LAST = 8;

    private final ScriptedLibc libc = new ScriptedLibc();
    private final NetlinkReader reader = new NetlinkReader(libc, NetworkNamespace.of(libc, ""), WrittenTable.TEXT);

    private static byte[] message(int type, int flags, int sequence, Consumer<MessageWriter> content) {
        MessageWriter out = MessageWriter.onHeap(64);
        out.begin(type, flags, sequence);
        content.accept(out);
        out.end();
        byte[] bytes = new byte[out.size()];
        out.written().get(bytes);
        return bytes;
    }

    private static byte[] generation(int sequence, int id) {
        return message(Netlink.type(Netlink.NF_TABLES, NFT_MSG_NEWGEN), 0, sequence, out -> {
            out.zeros(Netlink.NETFILTER_HEADER);
            out.u32(GENERATION_ID, id);
        });
    }

    private static byte[] table(int sequence, int flags) {
        return message(Netlink.type(Netlink.NF_TABLES, NFT_MSG_NEWTABLE), flags, sequence, out -> {
            out.zeros(Netlink.NETFILTER_HEADER);
            out.string(NFTA_TABLE_NAME, Table.NAME);
        });
    }

    private static byte[] done(int sequence) {
        return message(Netlink.NLMSG_DONE, Netlink.NLM_F_MULTI, sequence, out -> out.put32Host(0));
    }

    private static byte[] refusal(int sequence, int errno) {
        return message(Netlink.NLMSG_ERROR, 0, sequence, out -> {
            out.put32Host(-errno);
            out.zeros(Netlink.HEADER);
        });
    }

    /**
     * Queues the answers to an attempt that reads an empty table. The generations are those at its beginning and at its
     * end.
     */
    private void attempt(int firstGeneration, int lastGeneration, int flags) {
        libc.arrives(generation(1, firstGeneration)).arrives(table(2, flags));
        for (int sequence = 2; sequence < LAST; sequence++) {
            libc.arrives(done(sequence));
        }
        libc.arrives(generation(LAST, lastGeneration));
    }

    private void assertClosed() {
        assertThat(libc.open).isEmpty();
    }

    @Test
    void readsATableAtOnceIfNothingChanges() {
        attempt(7, 7, 0);

        assertThat(reader.read(IpFamily.IPV4))
                .hasValueSatisfying(read -> assertThat(read.table().chains()).isEmpty());
        assertThat(libc.sent).hasSize(LAST);
        assertClosed();
    }

    @Test
    void readsAgainIfAnotherTransactionCameInBetween() {
        attempt(7, 8, 0);
        attempt(8, 8, 0);

        assertThat(reader.read(IpFamily.IPV4)).isPresent();
        assertThat(libc.sent).hasSize(2 * LAST);
        assertClosed();
    }

    @Test
    void readsAgainIfTheKernelSaysThatADumpWasInterrupted() {
        libc.arrives(generation(1, 7))
                .arrives(table(2, Netlink.NLM_F_DUMP_INTR))
                .arrives(done(2));
        attempt(7, 7, 0);

        assertThat(reader.read(IpFamily.IPV4)).isPresent();
        assertClosed();
    }

    @Test
    void readsAgainIfWhatWasListedIsGone() {
        libc.arrives(generation(1, 7)).arrives(table(2, 0)).arrives(done(2)).arrives(refusal(3, Errno.ENOENT));
        attempt(8, 8, 0);

        assertThat(reader.read(IpFamily.IPV4)).isPresent();
        assertClosed();
    }

    @Test
    void givesUpOnARulesetThatChangesAllTheTime() {
        for (int i = 0; i < 20; i++) {
            attempt(i, i + 1, 0);
        }

        assertThatThrownBy(() -> reader.read(IpFamily.IPV4))
                .isInstanceOfSatisfying(
                        ApplyFailedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMED_OUT))
                .hasMessageContaining("changed the rules of nftables during each of 20 attempts");
        assertClosed();
    }

    @ParameterizedTest
    @CsvSource({"1, NOT_PERMITTED", "22, MISSING_KERNEL_FEATURE", "95, MISSING_KERNEL_FEATURE", "12, REJECTED"})
    void saysWhyTheKernelRefuses(int errno, Kind kind) {
        libc.arrives(refusal(1, errno));

        assertThatThrownBy(() -> reader.read(IpFamily.IPV4))
                .isInstanceOfSatisfying(
                        ApplyFailedException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageStartingWith("cannot read the table: ")
                .hasMessageContaining("errno " + errno);
        assertClosed();
    }

    /** Tests the failure of one system call, after a number of calls that succeed. */
    @ParameterizedTest
    @CsvSource({
        "socket, 0",
        "connect, 0",
        "setsockopt 1 20, 0",
        "send, 0",
        "send, 1",
        "send, 4",
        "send, 7",
        "recv, 0",
        "recv, 1",
        "recv, 2",
        "recv, 5",
        "recv, 8"
    })
    void aCallThatFailsIsAnErrorThatLeavesNothingOpen(String function, int succeeding) {
        attempt(7, 7, 0);
        for (int i = 0; i < succeeding; i++) {
            libc.fail(function, 0);
        }
        libc.fail(function, Errno.EPERM);

        assertThatThrownBy(() -> reader.read(IpFamily.IPV4))
                .isInstanceOfSatisfying(
                        ApplyFailedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_PERMITTED));
        assertClosed();
    }

    @Test
    void aKernelThatDoesNotAnswerIsAnErrorOfTime() {
        libc.arrives(generation(1, 7));

        assertThatThrownBy(() -> reader.read(IpFamily.IPV4))
                .isInstanceOfSatisfying(
                        ApplyFailedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMED_OUT));
        assertClosed();
    }

    @Test
    void malformedAnswersAreAnError() {
        libc.arrives(generation(1, 7)).arrives(new byte[7]);

        assertThatThrownBy(() -> reader.read(IpFamily.IPV4))
                .isInstanceOf(ApplyFailedException.class)
                .hasMessageContaining("malformed netlink message");
        assertClosed();
    }

    @Test
    void anAffinityMapThatDoesNotExistHasNoClients() {
        libc.arrives(refusal(1, Errno.ENOENT));

        assertThat(reader.clients(IpFamily.IPV4, new SetName("aff-x"))).isEmpty();
        assertClosed();
    }
}

package io.fairlead.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests netlink with the kernel of this machine. The tests only read, and change no rules. */
@Tag("kernel")
class NetlinkKernelTest {
    private static final int GET_TABLE = 1;
    private static final int GET_GENERATION = 16;
    private static final int NAME = 1;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(NetlinkSocket.DATAGRAM);
    private final MessageWriter writer = MessageWriter.direct(256);
    private final Libc libc = Libc.load();

    private NetlinkSocket open() {
        return NetlinkSocket.open(libc, NetworkNamespace.of(libc, ""), Netlink.NETFILTER);
    }

    @Test
    void asksForTheGeneration() {
        try (NetlinkSocket socket = open()) {
            writer.beginNetfilter(Netlink.type(Netlink.NF_TABLES, GET_GENERATION), Netlink.NLM_F_REQUEST, 3, 0, 0);
            writer.end();
            socket.send(writer.written());

            assertThat(socket.receive(buffer)).isEqualTo(Received.DATAGRAM);
            MessageReader reader = new MessageReader(buffer);
            assertThat(reader.next()).isTrue();
            assertThat(reader.sequence()).isEqualTo(3);
            assertThat(socket.poll(buffer)).isEqualTo(Received.NOTHING);
        }
    }

    @Test
    void aRefusalNamesTheAttributeAtFault() {
        try (NetlinkSocket socket = open()) {
            writer.beginNetfilter(
                    Netlink.type(Netlink.NF_TABLES, GET_TABLE), Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK, 4, 2, 0);
            writer.string(NAME, "fairlead-no-such-table");
            writer.end();
            socket.send(writer.written());

            assertThat(socket.receive(buffer)).isEqualTo(Received.DATAGRAM);
            MessageReader reader = new MessageReader(buffer);
            assertThat(reader.next()).isTrue();
            assertThat(reader.acknowledgement())
                    .isEqualTo(new Acknowledgement(4, Errno.ENOENT, "", Netlink.HEADER + Netlink.NETFILTER_HEADER));
        }
    }

    @Test
    void dumpsTables() {
        try (NetlinkSocket socket = open()) {
            writer.beginNetfilter(
                    Netlink.type(Netlink.NF_TABLES, GET_TABLE), Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP, 5, 0, 0);
            writer.end();

            assertThat(new Dump(socket, buffer)
                            .run(
                                    writer.written(),
                                    5,
                                    reader -> assertThat(reader.type()).isEqualTo(Netlink.type(Netlink.NF_TABLES, 0))))
                    .isEqualTo(Dump.End.COMPLETE);
        }
    }

    @Test
    void raisesTheLimitOfADatagramToSend() {
        try (NetlinkSocket socket = open()) {
            assertThat(socket.enlargeSendLimit(8 << 20)).isGreaterThanOrEqualTo(8 << 20);
            assertThat(socket.enlargeReceiveBuffer(1 << 20)).isGreaterThanOrEqualTo(1 << 20);
            socket.join(Netlink.NF_TABLES_GROUP);
        }
    }

    @Test
    void reportsANamespaceThatDoesNotExist() {
        assertThatThrownBy(() -> NetlinkSocket.open(
                        libc, NetworkNamespace.of(libc, "fairlead-no-such-namespace"), Netlink.NETFILTER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cannot open /run/netns/fairlead-no-such-namespace: No such file or directory (errno 2)");
        assertThatThrownBy(() -> NetworkNamespace.of(libc, "../x")).isInstanceOf(IllegalArgumentException.class);
    }
}

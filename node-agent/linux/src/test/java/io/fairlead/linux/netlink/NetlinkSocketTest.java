package io.fairlead.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.fixture.ScriptedLibc;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetlinkSocketTest {
    private final ScriptedLibc libc = new ScriptedLibc();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256);

    private NetlinkSocket open() {
        return NetlinkSocket.open(libc, NetworkNamespace.of(libc, ""), Netlink.NETFILTER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"socket", "connect", "setsockopt 1 20"})
    void aCallThatFailsLeavesNoDescriptorOpen(String function) {
        libc.fail(function, Errno.EPERM);

        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        NetlinkException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPERM))
                .hasMessageContaining("netlink socket: error (errno 1)");
        assertThat(libc.open).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"open", "setns"})
    void aNamespaceThatCannotBeEnteredLeavesNoDescriptorOpen(String function) {
        libc.fail(function, Errno.ENOENT);

        assertThatThrownBy(() -> NetlinkSocket.open(libc, NetworkNamespace.of(libc, "none"), Netlink.NETFILTER))
                .isInstanceOf(IllegalStateException.class);
        assertThat(libc.open).isEmpty();
    }

    @Test
    void aKernelWithoutReasonsInAcknowledgementsIsUsedWithoutThem() {
        libc.fail("setsockopt 270 11", 92).fail("setsockopt 270 10", 92);

        open().close();

        assertThat(libc.open).isEmpty();
    }

    @Test
    void repeatsCallsThatASignalInterrupted() {
        libc.fail("send", Errno.EINTR, Errno.EINTR).fail("recv", Errno.EINTR).arrives(new byte[] {1, 2, 3});
        NetlinkSocket socket = open();

        socket.send(ByteBuffer.wrap(new byte[] {9}));
        assertThat(libc.sent).containsExactly(new byte[] {9});
        assertThat(socket.receive(buffer)).isEqualTo(Received.DATAGRAM);
        assertThat(buffer.remaining()).isEqualTo(3);
        assertThat(buffer.get(2)).isEqualTo((byte) 3);
    }

    @Test
    void reportsWhatCanHappenToADatagram() {
        libc.fail("recv", Errno.ENOBUFS, 0, Errno.EAGAIN, Errno.EPERM).arrives(new byte[257]);
        NetlinkSocket socket = open();

        assertThat(socket.receive(buffer)).isEqualTo(Received.OVERFLOW);
        assertThat(socket.receive(buffer)).isEqualTo(Received.TOO_LONG);
        assertThat(buffer.remaining()).isZero();
        assertThat(socket.poll(buffer)).isEqualTo(Received.NOTHING);
        assertThatThrownBy(() -> socket.poll(buffer)).isInstanceOf(NetlinkException.class);
    }

    @Test
    void reportsADatagramThatCannotBeSent() {
        libc.fail("send", Errno.EMSGSIZE);
        NetlinkSocket socket = open();

        assertThatThrownBy(() -> socket.send(ByteBuffer.allocate(5)))
                .isInstanceOfSatisfying(
                        NetlinkException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EMSGSIZE))
                .hasMessage("cannot send 5 bytes by netlink: error (errno 90)");
    }

    @Test
    void enlargesBuffersByForceOrAsFarAsAllowed() {
        NetlinkSocket socket = open();
        assertThat(socket.sendLimit()).isEqualTo(968);
        assertThat(socket.enlargeSendLimit(5000)).isGreaterThanOrEqualTo(5000);
        assertThat(socket.enlargeSendLimit(900)).isGreaterThanOrEqualTo(5000);
        assertThat(libc.calls).contains("setsockopt 1 32").doesNotContain("setsockopt 1 7");

        libc.fail("setsockopt 1 33", Errno.EPERM);
        assertThat(socket.enlargeReceiveBuffer(5000)).isEqualTo(10_000);
        assertThat(libc.calls).contains("setsockopt 1 8");
    }

    @Test
    void reportsAGroupThatMayNotBeJoined() {
        libc.fail("setsockopt 270 1", Errno.EPERM);
        NetlinkSocket socket = open();

        assertThatThrownBy(() -> socket.join(Netlink.NF_TABLES_GROUP))
                .hasMessage("cannot join netlink group 7: error (errno 1)");
    }

    private static byte[] message(int type, int flags, int sequence, int number) {
        MessageWriter writer = MessageWriter.onHeap(64);
        writer.begin(type, flags, sequence);
        writer.put32Host(number);
        writer.end();
        byte[] bytes = new byte[writer.size()];
        writer.written().get(bytes);
        return bytes;
    }

    private Dump.End dump(List<Integer> objects) {
        return new Dump(open(), buffer).run(ByteBuffer.allocate(16), 5, reader -> objects.add(reader.type()));
    }

    @Test
    void aDumpPassesOnTheObjectsOfItsOwnRequest() {
        libc.arrives(message(100, 0, 4, 0))
                .arrives(message(Netlink.NLMSG_DONE, 0, 4, 0))
                .arrives(message(101, 0, 5, 0))
                .arrives(message(102, 0, 5, 0))
                .arrives(message(Netlink.NLMSG_DONE, 0, 5, 0));
        List<Integer> objects = new ArrayList<>();

        assertThat(dump(objects)).isEqualTo(Dump.End.COMPLETE);
        assertThat(objects).containsExactly(101, 102);
    }

    @Test
    void aDumpDuringAChangeIsInterrupted() {
        libc.arrives(message(101, Netlink.NLM_F_DUMP_INTR, 5, 0)).arrives(message(Netlink.NLMSG_DONE, 0, 5, 0));
        assertThat(dump(new ArrayList<>())).isEqualTo(Dump.End.INTERRUPTED);

        libc.arrives(message(Netlink.NLMSG_DONE, 0, 5, -Errno.EINTR));
        assertThat(dump(new ArrayList<>())).isEqualTo(Dump.End.INTERRUPTED);

        libc.fail("recv", Errno.ENOBUFS).arrives(message(Netlink.NLMSG_DONE, 0, 5, 0));
        assertThat(dump(new ArrayList<>())).isEqualTo(Dump.End.INTERRUPTED);
    }

    @Test
    void aDumpThatTheKernelRefusesHasItsReason() {
        MessageWriter writer = MessageWriter.onHeap(64);
        writer.begin(Netlink.NLMSG_ERROR, 0, 5);
        writer.put32Host(-Errno.ENOENT);
        writer.zeros(16);
        writer.end();
        byte[] refusal = new byte[writer.size()];
        writer.written().get(refusal);
        libc.arrives(refusal);

        assertThatThrownBy(() -> dump(new ArrayList<>()))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.acknowledgement().errno()).isEqualTo(Errno.ENOENT));
    }

    @Test
    void aDumpWithoutAnAnswerEnds() {
        assertThatThrownBy(() -> dump(new ArrayList<>()))
                .isInstanceOfSatisfying(
                        NetlinkException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ETIMEDOUT));
    }
}

package io.fairlead.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.linux.netlink.NetlinkSocket;
import io.fairlead.linux.netlink.Received;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Inserts flows into the kernel's conntrack table without sending packets. It does not use the tested code. */
final class FlowInsertion implements AutoCloseable {
    private static final int BATCH = 64;
    private static final int CREATE = 0x400 | 0x200 | 0x4 | 0x1;
    private static final int LIFETIME_SECONDS = 600;

    private final NetlinkSocket socket;
    private final ByteBuffer message = ByteBuffer.allocateDirect(64 << 10).order(ByteOrder.nativeOrder());
    private final ByteBuffer answer = ByteBuffer.allocateDirect(64 << 10).order(ByteOrder.nativeOrder());

    /** Opens the table of the calling thread's network namespace. */
    FlowInsertion() {
        Libc libc = Libc.load();
        socket = NetlinkSocket.open(libc, NetworkNamespace.of(libc, ""), Netlink.NETFILTER);
    }

    void insert(List<UdpFlow> flows) {
        insert(Protocol.UDP, 0, flows);
    }

    /** Inserts flows of a protocol and zone. All their other properties are those of the given UDP flows. */
    void insert(Protocol protocol, int zone, List<UdpFlow> flows) {
        for (int from = 0; from < flows.size(); from += BATCH) {
            List<UdpFlow> batch = flows.subList(from, Math.min(from + BATCH, flows.size()));
            message.clear();
            batch.forEach(flow -> write(protocol, zone, flow));
            socket.send(message.flip());
            int answers = 0;
            while (answers < batch.size()) {
                assertThat(socket.receive(answer)).isEqualTo(Received.DATAGRAM);
                for (int at = 0; at < answer.limit(); at += answer.getInt(at)) {
                    assertThat(answer.getInt(at + 16)).as("error number").isZero();
                    answers++;
                }
            }
        }
    }

    private void write(Protocol protocol, int zone, UdpFlow flow) {
        int start = message.position();
        message.putInt(0)
                .putShort((short) 0x100)
                .putShort((short) CREATE)
                .putInt(1)
                .putInt(0);
        message.put((byte) (flow.family() == IpFamily.IPV4 ? 2 : 10)).put(new byte[3]);
        tuple(1, protocol, flow.source(), flow.sourcePort(), flow.destination(), flow.destinationPort());
        tuple(2, protocol, flow.replySource(), flow.replySourcePort(), flow.source(), flow.sourcePort());
        attribute(7, networkInt(LIFETIME_SECONDS));
        if (zone != 0) {
            attribute(18, networkShort(zone));
        }
        message.putInt(start, message.position() - start);
    }

    private void tuple(int type, Protocol protocol, Ip source, int sourcePort, Ip destination, int destinationPort) {
        int version = source.family() == IpFamily.IPV4 ? 0 : 2;
        int tuple = begin(type);
        int addresses = begin(1);
        attribute(version + 1, source.bytes());
        attribute(version + 2, destination.bytes());
        end(addresses);
        int ports = begin(2);
        attribute(1, new byte[] {(byte) protocol.number()});
        attribute(2, networkShort(sourcePort));
        attribute(3, networkShort(destinationPort));
        end(ports);
        end(tuple);
    }

    private int begin(int type) {
        int start = message.position();
        message.putShort((short) 0).putShort((short) (0x8000 | type));
        return start;
    }

    private void end(int start) {
        message.putShort(start, (short) (message.position() - start));
    }

    private void attribute(int type, byte[] value) {
        message.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        message.put(new byte[-value.length & 3]);
    }

    private static byte[] networkShort(int value) {
        return new byte[] {(byte) (value >>> 8), (byte) value};
    }

    private static byte[] networkInt(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    @Override
    public void close() {
        socket.close();
    }
}

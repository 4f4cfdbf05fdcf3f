package io.fairlead.e2e.packets;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.lab.LabHost;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/**
 * Sends and receives SCTP packets through a raw socket, for kernels without SCTP sockets. The packets are the first
 * packets of associations, with an INIT chunk (RFC 9260, 3.3.2). Rules and conntrack handle them like packets of an
 * SCTP socket.
 */
final class RawSctp implements AutoCloseable {

    /** The C functions that this class calls. The interface is public because generated code implements it. */
    public interface Functions {
        int socket(int family, int type, int protocol);

        int bind(int descriptor, byte[] address, int length);

        int setsockopt(int descriptor, int level, int option, byte[] value, int length);

        long sendto(int descriptor, byte[] packet, long length, int flags, byte[] address, int addressLength);

        long recv(int descriptor, byte[] buffer, long length, int flags);

        int close(int descriptor);
    }

    /** A received packet with an INIT chunk. */
    record Init(int sourcePort, int destinationPort, boolean checksumIsRight) {}

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int IPPROTO_SCTP = 132;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int COMMON_HEADER = 12;
    private static final int INIT_CHUNK = 20;
    private static final byte INIT = 1;

    private final Functions functions =
            LibraryLoader.create(Functions.class).failImmediately().load("c");
    private final Runtime runtime = Runtime.getRuntime(functions);
    private final IpFamily family;
    private final int descriptor;

    /** Opens a socket on a host, bound to one of its addresses. */
    RawSctp(LabHost host, Ip address) {
        this.family = address.family();
        this.descriptor = host.inside(
                () -> functions.socket(family == IpFamily.IPV4 ? AF_INET : AF_INET6, SOCK_RAW_CLOEXEC, IPPROTO_SCTP));
        check(descriptor, "no raw socket");
        byte[] bound = socketAddress(address);
        check(functions.bind(descriptor, bound, bound.length), "cannot bind to " + address);
    }

    /** Sends a packet with an INIT chunk from this port. */
    void send(int sourcePort, IpPort to) {
        byte[] packet = init(sourcePort, to.port());
        byte[] address = socketAddress(to.ip());
        check(functions.sendto(descriptor, packet, packet.length, 0, address, address.length), "cannot send");
    }

    /** Waits for the next packet with an INIT chunk; empty if no such packet arrives within this time. */
    Optional<Init> receive(Duration patience) {
        byte[] time = ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putLong(patience.toSeconds())
                .putLong(patience.toNanosPart() / 1_000)
                .array();
        check(functions.setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, time, time.length), "no time-out");
        long end = System.nanoTime() + patience.toNanos();
        byte[] buffer = new byte[2_048];
        while (System.nanoTime() < end) {
            int length = (int) functions.recv(descriptor, buffer, buffer.length, 0);
            // A raw IPv4 socket returns the IP header too; a raw IPv6 socket does not.
            int start = family == IpFamily.IPV4 && length > 0 ? (buffer[0] & 15) * 4 : 0;
            if (length >= start + COMMON_HEADER + INIT_CHUNK && buffer[start + COMMON_HEADER] == INIT) {
                return Optional.of(parse(Arrays.copyOfRange(buffer, start, length)));
            }
        }
        return Optional.empty();
    }

    private static Init parse(byte[] packet) {
        ByteBuffer fields = ByteBuffer.wrap(packet);
        byte[] blank = packet.clone();
        Arrays.fill(blank, 8, 12, (byte) 0);
        return new Init(
                Short.toUnsignedInt(fields.getShort(0)),
                Short.toUnsignedInt(fields.getShort(2)),
                checksum(blank) == fields.order(ByteOrder.LITTLE_ENDIAN).getInt(8));
    }

    private static byte[] init(int sourcePort, int destinationPort) {
        ByteBuffer packet = ByteBuffer.allocate(COMMON_HEADER + INIT_CHUNK);
        packet.putShort((short) sourcePort).putShort((short) destinationPort).putLong(0);
        packet.put(INIT).put((byte) 0).putShort((short) INIT_CHUNK);
        packet.putInt(0x1234_5678)
                .putInt(65_536)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(1);
        int checksum = checksum(packet.array());
        return packet.order(ByteOrder.LITTLE_ENDIAN).putInt(8, checksum).array();
    }

    private static int checksum(byte[] packet) {
        CRC32C crc = new CRC32C();
        crc.update(packet);
        return (int) crc.getValue();
    }

    private byte[] socketAddress(Ip ip) {
        ByteBuffer address = ByteBuffer.allocate(family == IpFamily.IPV4 ? 16 : 28);
        address.order(ByteOrder.nativeOrder()).putShort((short) (family == IpFamily.IPV4 ? AF_INET : AF_INET6));
        address.put(family == IpFamily.IPV4 ? 4 : 8, ip.bytes());
        return address.array();
    }

    private void check(long result, String problem) {
        if (result < 0) {
            throw new IllegalStateException(problem + ": errno " + LastError.getLastError(runtime));
        }
    }

    @Override
    public void close() {
        functions.close(descriptor);
    }
}

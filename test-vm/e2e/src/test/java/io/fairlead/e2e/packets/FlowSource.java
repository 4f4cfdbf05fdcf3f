package io.fairlead.e2e.packets;

import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Ipv4;
import io.fairlead.lab.LabHost;
import java.util.concurrent.atomic.AtomicLong;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Sends UDP packets with new source addresses and ports, so that each packet is the first of a flow. A raw socket
 * (IP_HDRINCL) sends them by the host's output path. One call of sendmmsg(2) starts {@value #BATCH} flows. The kernel
 * sets length, identification and IP checksum; the UDP checksum 0 means that there is none.
 */
final class FlowSource implements AutoCloseable {

    /** The C functions that this class calls. The interface is public because generated code implements it. */
    public interface Functions {
        int socket(int family, int type, int protocol);

        int connect(int descriptor, byte[] address, int length);

        int sendmmsg(int descriptor, Pointer messages, int count, int flags);

        int close(int descriptor);
    }

    private static final int BATCH = 128;
    private static final int AF_INET = 2;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int IPPROTO_RAW = 255;
    private static final int EPERM = 1;

    /** The size of struct mmsghdr on 64-bit Linux: a msghdr of 56 bytes, the sent length, and padding. */
    private static final int HEADER_SIZE = 64;

    private static final int IOV_POINTER = 16;
    private static final int IOV_COUNT = 24;
    private static final int IOV_SIZE = 16;
    private static final int PACKET_SIZE = 32;
    private static final int FIRST_PORT = 1024;
    private static final int PORTS = 65536 - FIRST_PORT;

    private final Functions functions;
    private final Runtime runtime;
    private final int descriptor;
    private final Pointer headers;
    private final Pointer packets;
    private final int firstSource;
    private long flows;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong forbidden = new AtomicLong();

    /**
     * Opens a source of packets in a host's namespace.
     *
     * @param firstSource the first source address. When all its ports are used, the next address follows
     */
    FlowSource(LabHost host, Ipv4 firstSource, IpPort to) {
        this.functions = LibraryLoader.create(Functions.class).failImmediately().load("c");
        this.runtime = Runtime.getRuntime(functions);
        this.firstSource = firstSource.bits();
        this.descriptor = host.inside(() -> functions.socket(AF_INET, SOCK_RAW_CLOEXEC, IPPROTO_RAW));
        if (descriptor < 0) {
            throw new IllegalStateException("no raw socket: errno " + LastError.getLastError(runtime));
        }
        byte[] address = new byte[16];
        address[0] = AF_INET;
        System.arraycopy(to.ip().bytes(), 0, address, 4, 4);
        if (functions.connect(descriptor, address, address.length) != 0) {
            throw new IllegalStateException("cannot connect: errno " + LastError.getLastError(runtime));
        }
        this.packets = Memory.allocateDirect(runtime, BATCH * PACKET_SIZE, true);
        this.headers = Memory.allocateDirect(runtime, BATCH * (HEADER_SIZE + IOV_SIZE), true);
        for (int i = 0; i < BATCH; i++) {
            prepare(i, to);
        }
    }

    private void prepare(int i, IpPort to) {
        long iov = (long) BATCH * HEADER_SIZE + (long) i * IOV_SIZE;
        headers.putAddress((long) i * HEADER_SIZE + IOV_POINTER, headers.address() + iov);
        headers.putLong((long) i * HEADER_SIZE + IOV_COUNT, 1);
        headers.putAddress(iov, packets.address() + (long) i * PACKET_SIZE);
        headers.putLong(iov + 8, PACKET_SIZE);
        long packet = (long) i * PACKET_SIZE;
        packets.putByte(packet, (byte) 0x45);
        packets.putByte(packet + 8, (byte) 64);
        packets.putByte(packet + 9, (byte) 17);
        packets.put(packet + 16, to.ip().bytes(), 0, 4);
        putShort(packet + 22, to.port());
        putShort(packet + 24, PACKET_SIZE - 20);
    }

    private void putShort(long offset, int value) {
        packets.putByte(offset, (byte) (value >>> 8));
        packets.putByte(offset + 1, (byte) value);
    }

    /** Sends the first packets of one batch of new flows. Not thread-safe. */
    void send() {
        for (int i = 0; i < BATCH; i++) {
            long packet = (long) i * PACKET_SIZE;
            packets.putInt(packet + 12, Integer.reverseBytes(firstSource + (int) (flows / PORTS)));
            putShort(packet + 20, FIRST_PORT + (int) (flows % PORTS));
            flows++;
        }
        int done = 0;
        while (done < BATCH) {
            int accepted = functions.sendmmsg(descriptor, headers.slice((long) done * HEADER_SIZE), BATCH - done, 0);
            if (accepted < 0 && LastError.getLastError(runtime) != EPERM) {
                throw new IllegalStateException("cannot send: errno " + LastError.getLastError(runtime));
            }
            done += Math.max(accepted, 0);
            sent.addAndGet(Math.max(accepted, 0));
            if (done < BATCH) {
                // sendmmsg stopped at a packet that was dropped. It does not report the error, because it sent packets
                // before this one. The packet is not sent again, as a real packet would not be.
                done++;
                forbidden.incrementAndGet();
            }
        }
    }

    /** Returns the number of flows whose first packet the kernel accepted. */
    long sent() {
        return sent.get();
    }

    /** Returns the number of flows whose first packet a rule or a full conntrack table dropped during send(). */
    long forbidden() {
        return forbidden.get();
    }

    @Override
    public void close() {
        functions.close(descriptor);
    }
}

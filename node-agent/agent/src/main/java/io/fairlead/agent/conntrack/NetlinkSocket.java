package io.fairlead.agent.conntrack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * A netlink socket to netfilter in the kernel. Belongs for good to the network namespace of the thread that opens it.
 * Connected to the kernel, so that nobody else can answer. Waits at most {@value #PATIENCE_SECONDS} s for an answer.
 */
final class NetlinkSocket implements AutoCloseable {
    static final int PATIENCE_SECONDS = 5;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_NETFILTER = 12;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int MSG_TRUNC = 0x20;
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final int EINTR = 4;
    private static final int KERNEL_ADDRESS_LENGTH = 12;

    /** The functions as the C library has them; public because generated code implements it. */
    public interface Functions {
        /** socket(2). */
        int socket(int domain, int type, int protocol);

        /** connect(2). */
        int connect(int descriptor, @In byte[] address, int length);

        /** setsockopt(2). */
        int setsockopt(int descriptor, int level, int name, @In byte[] value, int length);

        /** send(2). */
        @ssize_t
        long send(int descriptor, @In ByteBuffer data, @size_t long length, int flags);

        /** recv(2); the buffer is a direct one, so nothing is copied. */
        @ssize_t
        long recv(int descriptor, ByteBuffer data, @size_t long length, int flags);

        /** close(2). */
        int close(int descriptor);

        /** open(2) without a mode: the file exists. */
        int open(@In byte[] path, int flags);

        /** strerror(3): safe with several threads from glibc 2.32 on. */
        String strerror(int number);

        /** setpriority(2): with 0 and 0, of the calling thread only. */
        int setpriority(int which, int who, int niceness);

        /** setns(2): moves the calling thread only. */
        int setns(int descriptor, int kind);
    }

    private final int descriptor;
    private boolean closed;

    private NetlinkSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens one in the namespace of the calling thread.
     *
     * @throws ConntrackException if the kernel gives none
     */
    static NetlinkSocket open() {
        Functions c = LibC.FUNCTIONS;
        int descriptor = checked(c.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_NETFILTER), "open a netlink socket");
        NetlinkSocket socket = new NetlinkSocket(descriptor);
        try {
            checked(c.connect(descriptor, kernelAddress(), KERNEL_ADDRESS_LENGTH), "connect a netlink socket");
            byte[] patience = ByteBuffer.allocate(16)
                    .order(ByteOrder.nativeOrder())
                    .putLong(PATIENCE_SECONDS)
                    .array();
            checked(
                    c.setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, patience, patience.length),
                    "limit the wait of a netlink socket");
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Moves the calling thread into a namespace for good. Only for platform threads that nobody else uses.
     *
     * @param namespace as {@code ip netns} names it
     * @throws ConntrackException if it cannot be entered
     */
    static void enterNamespace(String namespace) {
        String path = "/run/netns/" + namespace;
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        int file =
                checked(LibC.FUNCTIONS.open(Arrays.copyOf(bytes, bytes.length + 1), O_RDONLY_CLOEXEC), "open " + path);
        try {
            checked(LibC.FUNCTIONS.setns(file, CLONE_NEWNET), "enter " + path);
        } finally {
            LibC.FUNCTIONS.close(file);
        }
    }

    /**
     * Lets the calling thread come after all others when processors are short, for good. Where that is not allowed,
     * things stay as they are.
     *
     * @param niceness 0 to 19, the kernel's measure of that
     */
    static void yieldToOthers(int niceness) {
        LibC.FUNCTIONS.setpriority(0, 0, niceness);
    }

    /**
     * Sends a direct buffer from its start to its position.
     *
     * @throws ConntrackException if it is not sent as a whole
     */
    void send(ByteBuffer messages) {
        int length = messages.position();
        long sent = checked(LibC.FUNCTIONS.send(descriptor, messages.rewind(), length, 0), "ask netfilter");
        if (sent != length) {
            throw new ConntrackException("sent " + sent + " of " + length + " bytes to netfilter");
        }
    }

    /**
     * Waits for a datagram of the kernel; then the buffer, a direct one, holds just that.
     *
     * @throws ConntrackException if none comes in time or it is longer than the buffer
     */
    void receive(ByteBuffer buffer) {
        buffer.clear();
        long length = LibC.FUNCTIONS.recv(descriptor, buffer, buffer.capacity(), MSG_TRUNC);
        while (length < 0 && LastError.getLastError(LibC.RUNTIME) == EINTR) {
            length = LibC.FUNCTIONS.recv(descriptor, buffer, buffer.capacity(), MSG_TRUNC);
        }
        checked(length, "hear from netfilter");
        if (length > buffer.capacity()) {
            throw new ConntrackException("an answer of netfilter has " + length + " bytes");
        }
        buffer.limit((int) length);
    }

    /** Does nothing the second time. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LibC.FUNCTIONS.close(descriptor);
        }
    }

    /** "Operation not permitted (errno 1)". */
    static String errorText(int number) {
        return LibC.FUNCTIONS.strerror(number) + " (errno " + number + ")";
    }

    private static byte[] kernelAddress() {
        return ByteBuffer.allocate(KERNEL_ADDRESS_LENGTH)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_NETLINK)
                .array();
    }

    private static int checked(int result, String what) {
        return (int) checked((long) result, what);
    }

    private static long checked(long result, String what) {
        if (result < 0) {
            throw new ConntrackException("cannot " + what + ": " + errorText(LastError.getLastError(LibC.RUNTIME)));
        }
        return result;
    }

    /** Defers the load to the first use. */
    private static final class LibC {
        private static final Functions FUNCTIONS =
                LibraryLoader.create(Functions.class).failImmediately().load("c");
        private static final Runtime RUNTIME = Runtime.getRuntime(FUNCTIONS);
    }
}

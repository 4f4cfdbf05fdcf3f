package io.fairlead.linux.netlink;

import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * A netlink socket that is connected to the kernel, so that no other process can send it answers. It always belongs to
 * the network namespace in which it was opened. If a system call fails, the method throws {@link NetlinkException}. A
 * system call that a signal interrupted is repeated.
 */
public final class NetlinkSocket implements AutoCloseable {
    /** The time after which {@link #receive} returns without a datagram. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * A buffer of this many bytes can hold every datagram that the kernel sends: a datagram of a dump has at most 32
     * KiB (kernels 4.9 to 6.18); events and acknowledgements are shorter.
     */
    public static final int DATAGRAM = 1 << 16;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_ADD_MEMBERSHIP = 1;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int ADDRESS_LENGTH = 12;
    private static final int TIME_LENGTH = 16;

    /**
     * The kernel subtracts these bytes from the size of the send buffer, and compares the length of a datagram with the
     * difference (netlink_sendmsg).
     */
    private static final int RESERVED = 32;

    private final Libc libc;
    private final int descriptor;
    private boolean closed;

    private NetlinkSocket(Libc libc, int descriptor) {
        this.libc = libc;
        this.descriptor = descriptor;
    }

    /**
     * Opens a socket.
     *
     * @param protocol the netlink protocol, for example {@link Netlink#NETFILTER}
     * @throws NetlinkException if the kernel refuses to open the socket
     * @throws IllegalStateException if the namespace cannot be entered
     */
    public static NetlinkSocket open(Libc libc, NetworkNamespace namespace, int protocol) {
        return namespace.run(() -> {
            int descriptor = libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
            NetlinkSocket socket = new NetlinkSocket(libc, descriptor);
            socket.check(descriptor, "open a netlink socket");
            try {
                socket.prepare();
                return socket;
            } catch (RuntimeException e) {
                socket.close();
                throw e;
            }
        });
    }

    private void prepare() {
        byte[] kernel = numbers(ADDRESS_LENGTH).putShort((short) AF_NETLINK).array();
        check(libc.connect(descriptor, kernel, kernel.length), "connect a netlink socket");
        byte[] patience = numbers(TIME_LENGTH).putLong(PATIENCE.toSeconds()).array();
        check(
                libc.setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, patience, patience.length),
                "limit the wait of a netlink socket");
        // Older kernels lack these options: NETLINK_EXT_ACK is new in Linux 4.12, NETLINK_CAP_ACK in 4.3. Their
        // acknowledgements contain no reason, or repeat the request.
        boolean _ = set(SOL_NETLINK, NETLINK_EXT_ACK, 1);
        boolean _ = set(SOL_NETLINK, NETLINK_CAP_ACK, 1);
    }

    /**
     * Joins a multicast group, so that this socket receives the events of the group.
     *
     * @throws NetlinkException if the kernel refuses the request because CAP_NET_ADMIN is missing
     */
    public void join(int group) {
        byte[] value = numbers(Integer.BYTES).putInt(group).array();
        check(
                libc.setsockopt(descriptor, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, value, value.length),
                "join netlink group " + group);
    }

    /**
     * Enlarges the buffer for datagrams that have arrived. A size beyond twice net.core.rmem_max needs CAP_NET_ADMIN in
     * the initial user namespace.
     *
     * @return the new size in bytes. The kernel's own data for each datagram counts towards it
     */
    public int enlargeReceiveBuffer(int bytes) {
        return enlarge(SO_RCVBUFFORCE, SO_RCVBUF, bytes);
    }

    /**
     * Raises the greatest length of a datagram that can be sent. A length beyond twice net.core.wmem_max (212,992 by
     * default) needs CAP_NET_ADMIN in the initial user namespace.
     *
     * @return the new limit in bytes, which may be lower or higher than requested
     */
    public int enlargeSendLimit(int bytes) {
        int limit = sendLimit();
        if (limit >= bytes) {
            return limit;
        }
        // The kernel sets the buffer to twice the number that it receives.
        return enlarge(SO_SNDBUFFORCE, SO_SNDBUF, Math.addExact(bytes, RESERVED) / 2 + 1) - RESERVED;
    }

    /** Returns the greatest length in bytes of a datagram that can be sent. */
    public int sendLimit() {
        return get(SO_SNDBUF) - RESERVED;
    }

    private int enlarge(int force, int ordinary, int bytes) {
        if (get(ordinary) < bytes && !set(SOL_SOCKET, force, bytes)) {
            // Without the capability, the kernel limits the size to the sysctl's value.
            boolean _ = set(SOL_SOCKET, ordinary, bytes);
        }
        return get(ordinary);
    }

    private boolean set(int level, int option, int number) {
        byte[] value = numbers(Integer.BYTES).putInt(number).array();
        return libc.setsockopt(descriptor, level, option, value, value.length) == 0;
    }

    private int get(int option) {
        byte[] value = new byte[Integer.BYTES];
        check(
                libc.getsockopt(descriptor, SOL_SOCKET, option, value, new int[] {value.length}),
                "query a buffer of a netlink socket");
        return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt();
    }

    /**
     * Sends messages as one datagram. netfilter executes the requests within this call.
     *
     * @throws NetlinkException if the messages are not sent; with EMSGSIZE if they are longer than {@link #sendLimit}
     */
    public void send(ByteBuffer messages) {
        int length = messages.remaining();
        long sent;
        do {
            sent = libc.send(descriptor, messages, length, 0);
        } while (sent < 0 && libc.errno() == Errno.EINTR);
        check(sent, "send " + length + " bytes by netlink");
        if (sent != length) {
            throw new NetlinkException("sent only " + sent + " of " + length + " bytes by netlink", Errno.EMSGSIZE);
        }
    }

    /**
     * Waits for a datagram, for at most {@link #PATIENCE}.
     *
     * @param buffer a direct buffer, so that the kernel writes into it without a copy
     * @throws NetlinkException if the kernel reports an error that {@link Received} does not contain
     */
    public Received receive(ByteBuffer buffer) {
        return receive(buffer, MSG_TRUNC);
    }

    /**
     * Receives a datagram if one has arrived; does not wait.
     *
     * @param buffer as for {@link #receive(ByteBuffer)}
     * @throws NetlinkException as {@link #receive(ByteBuffer)}
     */
    public Received poll(ByteBuffer buffer) {
        return receive(buffer, MSG_TRUNC | MSG_DONTWAIT);
    }

    private Received receive(ByteBuffer buffer, int flags) {
        buffer.clear();
        while (true) {
            long length = libc.recv(descriptor, buffer, buffer.capacity(), flags);
            if (length > buffer.capacity()) {
                buffer.limit(0);
                return Received.TOO_LONG;
            }
            if (length >= 0) {
                buffer.limit((int) length);
                return Received.DATAGRAM;
            }
            int errno = libc.errno();
            switch (errno) {
                case Errno.EINTR -> {}
                case Errno.EAGAIN -> {
                    buffer.limit(0);
                    return Received.NOTHING;
                }
                case Errno.ENOBUFS -> {
                    buffer.limit(0);
                    return Received.OVERFLOW;
                }
                default -> throw failed("receive by netlink", errno);
            }
        }
    }

    /** Returns the text of an error number. */
    public String errorText(int errno) {
        return libc.errorText(errno);
    }

    /** Closes the socket. A second call does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            libc.close(descriptor);
        }
    }

    private static ByteBuffer numbers(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    }

    private void check(long result, String what) {
        if (result < 0) {
            throw failed(what, libc.errno());
        }
    }

    private NetlinkException failed(String what, int errno) {
        return new NetlinkException("cannot " + what + ": " + libc.errorText(errno), errno);
    }
}

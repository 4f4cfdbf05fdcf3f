package io.fairlead.linux.netlink;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Asks the kernel for all objects of a kind. A dump consists of several datagrams. After an exception the rest of a
 * dump is still on its way, so the socket must then be closed.
 */
public final class Dump {

    /** How a dump ended. */
    public enum End {
        /** All objects were passed on. */
        COMPLETE,

        /** Objects changed during the dump, so that some may be missing or twice. Repeat it. */
        INTERRUPTED
    }

    private final NetlinkSocket socket;
    private final ByteBuffer buffer;
    private final MessageReader reader;

    /**
     * Dumps by a socket.
     *
     * @param buffer a direct one of {@link NetlinkSocket#DATAGRAM} bytes
     */
    public Dump(NetlinkSocket socket, ByteBuffer buffer) {
        this.socket = socket;
        this.buffer = buffer;
        this.reader = new MessageReader(buffer);
    }

    /**
     * Sends a request and passes on each object.
     *
     * @param request one message with NLM_F_DUMP
     * @param sequence the sequence number of the request; other numbers are left from earlier requests and ignored
     * @throws RefusedException if the kernel refuses the request
     * @throws NetlinkException if a call fails, or the kernel does not answer in time (ETIMEDOUT)
     * @throws MalformedMessageException if the answer is malformed
     */
    public End run(ByteBuffer request, int sequence, Consumer<MessageReader> each) {
        socket.send(request);
        End end = End.COMPLETE;
        while (true) {
            switch (socket.receive(buffer)) {
                case DATAGRAM -> {}
                case NOTHING -> throw new NetlinkException("the kernel does not answer by netlink", Errno.ETIMEDOUT);
                case OVERFLOW -> {
                    end = End.INTERRUPTED;
                    continue;
                }
                case TOO_LONG ->
                    throw new NetlinkException("the kernel sent too long a datagram by netlink", Errno.EMSGSIZE);
            }
            reader.rewind();
            while (reader.next()) {
                if (reader.sequence() != sequence) {
                    continue;
                }
                if (reader.has(Netlink.NLM_F_DUMP_INTR)) {
                    end = End.INTERRUPTED;
                }
                if (reader.isLast()) {
                    return ended(reader.acknowledgement(), end);
                }
                each.accept(reader);
            }
        }
    }

    private End ended(Acknowledgement acknowledgement, End end) {
        if (acknowledgement.succeeded()) {
            return end;
        }
        if (acknowledgement.errno() == Errno.EINTR) {
            return End.INTERRUPTED;
        }
        throw new RefusedException(acknowledgement, socket.errorText(acknowledgement.errno()));
    }
}

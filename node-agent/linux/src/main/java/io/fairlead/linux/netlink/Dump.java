package io.fairlead.linux.netlink;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Reads all objects of a kind from the kernel. The answer consists of several datagrams. If {@link #run} throws, the
 * remaining datagrams of the answer may still arrive, so the caller must close the socket.
 */
public final class Dump {

    /** The ways in which a dump ends. */
    public enum End {
        /** All objects were passed to the consumer. */
        COMPLETE,

        /** Objects changed during the dump: some objects may be missing or duplicate. Repeat the dump. */
        INTERRUPTED
    }

    private final NetlinkSocket socket;
    private final ByteBuffer buffer;
    private final MessageReader reader;

    /**
     * Creates a dump that uses this socket.
     *
     * @param buffer a direct buffer of {@link NetlinkSocket#DATAGRAM} bytes
     */
    public Dump(NetlinkSocket socket, ByteBuffer buffer) {
        this.socket = socket;
        this.buffer = buffer;
        this.reader = new MessageReader(buffer);
    }

    /**
     * Sends a request and passes each object of the answer to {@code each}.
     *
     * @param request one message with NLM_F_DUMP
     * @param sequence the sequence number of the request. Messages with other numbers belong to earlier requests and
     *     are ignored
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

package io.fairlead.fuzz;

import io.fairlead.linux.fixture.ScriptedLibc;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.nftables.NfTables;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * A kernel whose answers come from an input. Each datagram of the input has its length in front, as two bytes. The
 * answer to a request is the next datagram with the sequence number of the request, and the end of a dump; the same
 * request gets the same answer again. The generation of the ruleset is answered as a kernel does, because a reader
 * goes on only if it stays the same.
 */
final class FuzzKernel extends ScriptedLibc {
    private static final int SEQUENCE = 8;
    private static final int GENERATION_ID = 1;
    private static final int DONT_WAIT = 0x40;
    private static final int EAGAIN = 11;

    private final ByteBuffer input;
    private final boolean changes;
    private final Deque<byte[]> answers = new ArrayDeque<>();
    private final Map<ByteBuffer, byte[]> answered = new HashMap<>();
    private int generation;
    private int error;

    /**
     * Creates a kernel.
     *
     * @param changes whether the ruleset changes between two queries for its generation
     */
    FuzzKernel(byte[] input, boolean changes) {
        this.input = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        this.changes = changes;
    }

    boolean isEmpty() {
        return input.remaining() < Short.BYTES;
    }

    private byte[] datagram() {
        if (isEmpty()) {
            return new byte[0];
        }
        byte[] datagram = new byte[Math.min(input.getShort() & 0xffff, input.remaining())];
        input.get(datagram);
        return datagram;
    }

    @Override
    public long send(int descriptor, ByteBuffer data, long length, int flags) {
        ByteBuffer request = data.duplicate().order(ByteOrder.nativeOrder());
        int start = request.position();
        int type = request.getShort(start + Integer.BYTES) & 0xffff;
        int sequence = request.getInt(start + SEQUENCE);
        if (type == Netlink.type(Netlink.NF_TABLES, NfTables.NFT_MSG_GETGEN)) {
            generation += changes ? 1 : 0;
            answers.add(generation(sequence));
        } else {
            request.putInt(start + SEQUENCE, 0);
            byte[] content = new byte[(int) length];
            request.get(start, content);
            request.putInt(start + SEQUENCE, sequence);
            byte[] answer = answered.computeIfAbsent(ByteBuffer.wrap(content), _ -> datagram());
            answers.add(withSequence(answer.clone(), sequence));
            answers.add(done(sequence));
        }
        return length;
    }

    private byte[] generation(int sequence) {
        MessageWriter out = MessageWriter.onHeap(64);
        out.begin(Netlink.type(Netlink.NF_TABLES, NfTables.NFT_MSG_NEWGEN), 0, sequence);
        out.zeros(Netlink.NETFILTER_HEADER);
        out.u32(GENERATION_ID, generation);
        return bytes(out);
    }

    private static byte[] done(int sequence) {
        MessageWriter out = MessageWriter.onHeap(64);
        out.begin(Netlink.NLMSG_DONE, Netlink.NLM_F_MULTI, sequence);
        out.put32Host(0);
        return bytes(out);
    }

    private static byte[] bytes(MessageWriter out) {
        out.end();
        byte[] bytes = new byte[out.size()];
        out.written().get(bytes);
        return bytes;
    }

    /** Sets the sequence number of each message, as far as the lengths of the messages are right. */
    private static byte[] withSequence(byte[] datagram, int sequence) {
        ByteBuffer messages = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
        int at = 0;
        while (at <= datagram.length - Netlink.HEADER) {
            messages.putInt(at + SEQUENCE, sequence);
            int length = messages.getInt(at);
            if (length < Netlink.HEADER || length > datagram.length - at) {
                break;
            }
            at += (length + 3) & -4;
        }
        return datagram;
    }

    @Override
    public long recv(int descriptor, ByteBuffer data, long length, int flags) {
        byte[] datagram = answers.poll();
        if (datagram == null && (flags & DONT_WAIT) != 0 && !isEmpty()) {
            datagram = datagram();
        }
        if (datagram == null) {
            error = EAGAIN;
            return -1;
        }
        data.put(data.position(), datagram, 0, (int) Math.min(length, datagram.length));
        return datagram.length;
    }

    @Override
    public int errno() {
        return error;
    }
}

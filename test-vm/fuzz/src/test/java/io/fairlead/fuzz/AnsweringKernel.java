package io.fairlead.fuzz;

import io.fairlead.linux.fixture.ScriptedLibc;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.linux.netlink.MessageWriter;
import io.fairlead.linux.netlink.Netlink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A kernel that acknowledges each message that asks for it, each in a datagram of its own. */
final class AnsweringKernel extends ScriptedLibc {
    private final List<Integer> refusals = new ArrayList<>();

    /** Makes the kernel refuse the next batch, with an answer for each message that asks for one. */
    void refuseNext(int errno) {
        refusals.add(errno);
    }

    @Override
    public long send(int descriptor, ByteBuffer data, long length, int flags) {
        int error = refusals.isEmpty() ? 0 : refusals.removeFirst();
        MessageReader message = new MessageReader(
                ByteBuffer.allocate((int) length).put(data.duplicate()).flip());
        while (message.next()) {
            if (message.has(Netlink.NLM_F_ACK)) {
                arrives(acknowledgement(message.sequence(), error));
            }
        }
        return super.send(descriptor, data, length, flags);
    }

    private static byte[] acknowledgement(int sequence, int error) {
        MessageWriter out = MessageWriter.onHeap(64);
        out.begin(Netlink.NLMSG_ERROR, 0, sequence);
        out.put32Host(-error);
        out.zeros(Netlink.HEADER);
        out.end();
        byte[] bytes = new byte[out.size()];
        out.written().get(bytes);
        return bytes;
    }
}

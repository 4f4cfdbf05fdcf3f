package io.fairlead.iptables.trace;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.trace.TraceStep;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A packet on one of its possible ways. Immutable.
 *
 * @param input where it came in; null for the node's own packets and if it is unknown
 * @param translated where it is sent by DNAT; null if it still has its own destination
 * @param masqueraded whether it met MASQUERADE
 * @param share how likely this way is
 * @param lastStep the rules met so far, newest first
 */
record Packet(
        Flow flow,
        @Nullable InterfaceName input,
        @Nullable IpPort translated,
        int mark,
        boolean masqueraded,
        double share,
        @Nullable Step lastStep) {

    /** A list that grows at the front, so that ways that part share what they have in common. */
    record Step(TraceStep step, @Nullable Step before) {}

    Ip to() {
        return translated == null ? flow.to() : translated.ip();
    }

    int port() {
        return translated == null ? flow.port() : translated.port();
    }

    Packet met(TraceStep step) {
        return new Packet(flow, input, translated, mark, masqueraded, share, new Step(step, lastStep));
    }

    Packet sentTo(IpPort endpoint) {
        return new Packet(flow, input, endpoint, mark, masqueraded, share, lastStep);
    }

    Packet marked(int newMark) {
        return new Packet(flow, input, translated, newMark, masqueraded, share, lastStep);
    }

    Packet masquerade() {
        return new Packet(flow, input, translated, mark, true, share, lastStep);
    }

    Packet withShare(double newShare) {
        return new Packet(flow, input, translated, mark, masqueraded, newShare, lastStep);
    }

    List<TraceStep> steps() {
        List<TraceStep> steps = new ArrayList<>();
        for (Step step = lastStep; step != null; step = step.before()) {
            steps.add(step.step());
        }
        return steps.reversed();
    }
}

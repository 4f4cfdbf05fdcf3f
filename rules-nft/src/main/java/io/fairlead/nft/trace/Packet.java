package io.fairlead.nft.trace;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.trace.TraceStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A packet on one of its possible ways.
 *
 * @param to where it goes now
 * @param translated whether a rule has changed that
 * @param accepted whether a rule has said "accept"
 * @param masqueraded whether a rule has done that
 * @param share how likely this way is
 * @param way the last rule met; null if there is none
 */
record Packet(
        Flow flow,
        IpPort to,
        boolean translated,
        boolean accepted,
        boolean masqueraded,
        int mark,
        double share,
        @Nullable Step way) {

    /** The rules met so far, last one first. */
    record Step(TraceStep step, @Nullable Step before) {}

    static Packet of(Flow flow) {
        return new Packet(flow, new IpPort(flow.to(), flow.port()), false, false, false, 0, 1.0, null);
    }

    Ip from() {
        return flow.from();
    }

    Packet sentTo(IpPort endpoint, double chance) {
        return new Packet(flow, endpoint, true, accepted, masqueraded, mark, share * chance, way);
    }

    Packet withChance(double chance) {
        return new Packet(flow, to, translated, accepted, masqueraded, mark, share * chance, way);
    }

    Packet withMark(int bits) {
        return new Packet(flow, to, translated, accepted, masqueraded, mark | bits, share, way);
    }

    Packet withFlippedMark(int bits) {
        return new Packet(flow, to, translated, accepted, masqueraded, mark ^ bits, share, way);
    }

    Packet masquerade() {
        return new Packet(flow, to, translated, accepted, true, mark, share, way);
    }

    Packet letThrough() {
        return new Packet(flow, to, translated, true, masqueraded, mark, share, way);
    }

    Packet met(TraceStep step) {
        return new Packet(flow, to, translated, accepted, masqueraded, mark, share, new Step(step, way));
    }

    List<TraceStep> steps() {
        List<TraceStep> steps = new ArrayList<>();
        for (Step step = way; step != null; step = step.before()) {
            steps.add(step.step());
        }
        Collections.reverse(steps);
        return steps;
    }
}

package io.fairlead.core.trace;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a packet at one point of one path. Immutable: each rule creates a new value.
 *
 * @param input the interface through which the packet arrived; null if this host sends the packet, or if the interface
 *     is unknown
 * @param to the current destination, after translation by earlier rules
 * @param translated whether a rule changed the destination
 * @param accepted whether a rule accepted the packet
 * @param masqueraded whether a rule changed the source
 * @param mark the packet mark
 * @param share the probability that a packet takes this path to this point
 * @param lastStep the last rule that matched; null if no rule matched
 */
public record Packet(
        Flow flow,
        @Nullable InterfaceName input,
        IpPort to,
        boolean translated,
        boolean accepted,
        boolean masqueraded,
        int mark,
        double share,
        @Nullable Step lastStep) {

    /** A linked list of rules that matched, newest first. Paths that branch share the steps before the branch. */
    public record Step(TraceStep step, @Nullable Step before) {}

    static Packet of(Flow flow, boolean fromHere) {
        return of(flow, fromHere ? null : flow.inputInterface());
    }

    /**
     * Returns the packet before it met any rule.
     *
     * @param input the interface at which the packet arrives; null if the interface is unknown or this host sends the
     *     packet
     */
    public static Packet of(Flow flow, @Nullable InterfaceName input) {
        return new Packet(flow, input, new IpPort(flow.to(), flow.port()), false, false, false, 0, 1, null);
    }

    /** Returns the source address. */
    public Ip from() {
        return flow.from();
    }

    /** Returns the packet with another destination. */
    public Packet sentTo(IpPort endpoint) {
        return new Packet(flow, input, endpoint, true, accepted, masqueraded, mark, share, lastStep);
    }

    /** Returns the packet with another input interface. */
    public Packet arrivingBy(@Nullable InterfaceName arrival) {
        return new Packet(flow, arrival, to, translated, accepted, masqueraded, mark, share, lastStep);
    }

    /**
     * Returns the packet on a branch of its path.
     *
     * @param chance the probability of the branch, 0 to 1; the share is multiplied by it
     */
    public Packet withChance(double chance) {
        return new Packet(flow, input, to, translated, accepted, masqueraded, mark, share * chance, lastStep);
    }

    /** Returns the packet with another mark. */
    public Packet withMark(int newMark) {
        return new Packet(flow, input, to, translated, accepted, masqueraded, newMark, share, lastStep);
    }

    /** Returns the packet with its source address replaced by an address of this host. */
    public Packet masquerade() {
        return new Packet(flow, input, to, translated, accepted, true, mark, share, lastStep);
    }

    /** Returns the packet after a rule accepted it. */
    public Packet accept() {
        return new Packet(flow, input, to, translated, true, masqueraded, mark, share, lastStep);
    }

    /** Returns the packet after a rule matched it. The rule becomes the last step. */
    public Packet met(TraceStep step) {
        return new Packet(flow, input, to, translated, accepted, masqueraded, mark, share, new Step(step, lastStep));
    }

    /** Returns the rules that matched, in order. */
    public List<TraceStep> steps() {
        List<TraceStep> steps = new ArrayList<>();
        for (Step step = lastStep; step != null; step = step.before()) {
            steps.add(step.step());
        }
        return steps.reversed();
    }
}

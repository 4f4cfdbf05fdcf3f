package io.fairlead.core.trace;

import io.fairlead.core.trace.PathEnd.Ending;
import java.util.ArrayList;
import java.util.List;

/**
 * All paths of one packet through one chain. {@link TracedRules#step} of a dialect reports what a rule does. For each
 * path it calls exactly one of the methods {@link #next} to {@link #goTo}.
 *
 * @param <C> the chains of the dialect
 */
public final class ChainWalk<C> {
    /**
     * The limit of depth, which finds loops. The kernel refuses loops; the longest path of our rules, through a
     * dispatch tree in iptables, is fifteen chains deep.
     */
    private static final int DEEPEST = 32;

    private final TracedRules<C> rules;
    private final C chain;
    private final int depth;
    private final List<PathEnd> ends = new ArrayList<>();
    private List<Packet> atNextRule = new ArrayList<>();

    ChainWalk(TracedRules<C> rules, C chain) {
        this(rules, chain, 0);
    }

    private ChainWalk(TracedRules<C> rules, C chain, int depth) {
        if (depth > DEEPEST) {
            throw rules.loop(chain);
        }
        this.rules = rules;
        this.chain = chain;
        this.depth = depth;
    }

    /**
     * Returns all paths of a packet through one chain and the chains that it leads to.
     *
     * @throws UnknownRuleException if the packet meets a rule whose meaning is unknown
     */
    public static <C> List<PathEnd> through(TracedRules<C> rules, C chain, Packet packet) {
        return new ChainWalk<>(rules, chain).ends(packet);
    }

    List<PathEnd> ends(Packet packet) {
        List<Packet> here = List.of(packet);
        for (int i = 0; i < rules.ruleCount(chain) && !here.isEmpty(); i++) {
            atNextRule = new ArrayList<>();
            for (Packet each : here) {
                rules.step(this, i, each);
            }
            here = atNextRule;
        }
        here.forEach(this::returns);
        return ends;
    }

    /** Returns the chain whose rules see the packet. */
    public C chain() {
        return chain;
    }

    /** The packet continues with the next rule. */
    public void next(Packet packet) {
        atNextRule.add(packet);
    }

    /** The packet returns to the calling chain. */
    public void returns(Packet packet) {
        ends.add(new PathEnd(packet, Ending.RETURNED));
    }

    /** This table is finished with the packet at this hook. */
    public void decided(Packet packet) {
        ends.add(new PathEnd(packet, Ending.DECIDED));
    }

    /** The packet is dropped. */
    public void drops(Packet packet) {
        ends.add(new PathEnd(packet, Ending.DROPPED));
    }

    /** The packet is rejected with an ICMP error. */
    public void rejects(Packet packet) {
        ends.add(new PathEnd(packet, Ending.REJECTED));
    }

    /** The packet goes through another chain. If that chain returns, the packet continues with the next rule. */
    public void jump(C to, Packet packet) {
        for (PathEnd end : through(to, packet)) {
            if (end.ending() == Ending.RETURNED) {
                next(end.packet());
            } else {
                ends.add(end);
            }
        }
    }

    /** The packet goes through another chain. If that chain returns, the packet returns to the calling chain. */
    public void goTo(C to, Packet packet) {
        ends.addAll(through(to, packet));
    }

    private List<PathEnd> through(C to, Packet packet) {
        return new ChainWalk<>(rules, to, depth + 1).ends(packet);
    }
}

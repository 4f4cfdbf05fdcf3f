package io.fairlead.core.trace;

import io.fairlead.core.trace.PathEnd.Ending;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes all paths of one packet through one chain. {@link TracedRules#step} of a dialect (iptables or nftables)
 * reports what a rule does. For each path out of the rule, it calls exactly one of these methods: {@link #next},
 * {@link #returns}, {@link #decided}, {@link #drops}, {@link #rejects}, {@link #jump}, {@link #goTo}.
 *
 * @param <C> the type of the dialect's chains
 */
public final class ChainWalk<C> {
    /**
     * The maximum depth of nested chains. A deeper path means a loop, which the kernel refuses. The longest path of
     * Fairlead's rules is fifteen chains deep: it leads through a dispatch tree in iptables.
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
     * Returns all paths of a packet through one chain, and through the chains to which its rules jump.
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

    /** Returns the chain that this walk follows. */
    public C chain() {
        return chain;
    }

    /** Reports that the packet continues with the next rule. */
    public void next(Packet packet) {
        atNextRule.add(packet);
    }

    /** Reports that the packet returns to the calling chain. */
    public void returns(Packet packet) {
        ends.add(new PathEnd(packet, Ending.RETURNED));
    }

    /** Reports that the packet is accepted or translated: no other chain of this table sees the packet at this hook. */
    public void decided(Packet packet) {
        ends.add(new PathEnd(packet, Ending.DECIDED));
    }

    /** Reports that the packet is dropped. */
    public void drops(Packet packet) {
        ends.add(new PathEnd(packet, Ending.DROPPED));
    }

    /** Reports that the packet is rejected, with an ICMP error or a TCP reset. */
    public void rejects(Packet packet) {
        ends.add(new PathEnd(packet, Ending.REJECTED));
    }

    /**
     * Sends the packet through another chain. If that chain returns, the packet continues with the next rule of this
     * chain.
     */
    public void jump(C to, Packet packet) {
        for (PathEnd end : through(to, packet)) {
            if (end.ending() == Ending.RETURNED) {
                next(end.packet());
            } else {
                ends.add(end);
            }
        }
    }

    /**
     * Sends the packet through another chain. If that chain returns, the packet returns to the caller of this chain.
     */
    public void goTo(C to, Packet packet) {
        ends.addAll(through(to, packet));
    }

    private List<PathEnd> through(C to, Packet packet) {
        return new ChainWalk<>(rules, to, depth + 1).ends(packet);
    }
}

package io.fairlead.core.trace;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes all paths of a packet through the rules of one address family. The packet is the first packet of a
 * connection from a client that has no affinity yet. It passes the hooks in the order of the kernel; at each random
 * choice, all alternatives are followed. A dialect (iptables or nftables) defines only what a rule does
 * ({@link TracedRules}).
 *
 * @param <C> the type of the dialect's chains
 */
public final class PacketWalk<C> {
    private final TracedRules<C> rules;
    private final Host host;

    /** Creates a walk through these rules on this host. */
    public PacketWalk(TracedRules<C> rules, Host host) {
        this.rules = rules;
        this.host = host;
    }

    /**
     * Returns all paths of a packet.
     *
     * @throws UnknownRuleException if the packet meets a rule whose meaning is unknown
     */
    public Trace trace(Flow flow) {
        boolean fromHere = host.isLocal(flow.from());
        List<TracePath> ended = new ArrayList<>();
        List<Packet> packets = List.of(Packet.of(flow, fromHere));
        for (HookPoint hook : HookPoint.order(fromHere)) {
            for (C chain : rules.chainsAt(hook)) {
                List<Packet> next = new ArrayList<>();
                for (Packet packet : packets) {
                    if (hook.isPassed(fromHere, isToHere(packet))) {
                        through(chain, packet, next, ended);
                    } else {
                        next.add(packet);
                    }
                }
                packets = next;
            }
        }
        packets.forEach(packet -> ended.add(delivered(packet, fromHere)));
        return new Trace(flow, ended);
    }

    private void through(C chain, Packet packet, List<Packet> next, List<TracePath> ended) {
        for (PathEnd end : new ChainWalk<>(rules, chain).ends(packet)) {
            switch (end.ending()) {
                case DECIDED -> next.add(end.packet());
                case RETURNED -> {
                    if (rules.accepts(chain)) {
                        next.add(end.packet());
                    } else {
                        ended.add(stopped(end.packet(), Verdict.DROP));
                    }
                }
                case DROPPED -> ended.add(stopped(end.packet(), Verdict.DROP));
                case REJECTED -> ended.add(stopped(end.packet(), Verdict.REJECT));
            }
        }
    }

    private boolean isToHere(Packet packet) {
        return host.isLocal(packet.to().ip());
    }

    private static TracePath stopped(Packet packet, Verdict verdict) {
        return new TracePath(packet.steps(), verdict, null, false, packet.share());
    }

    private TracePath delivered(Packet packet, boolean fromHere) {
        Verdict verdict = packet.translated() ? Verdict.DNAT : packet.accepted() ? Verdict.ACCEPT : Verdict.PASS;
        // A packet from outside to this host does not pass POSTROUTING. Therefore only its mark shows that it should be
        // masqueraded.
        boolean masquerade = (!fromHere && isToHere(packet)) ? packet.mark() != 0 : packet.masqueraded();
        return new TracePath(
                packet.steps(), verdict, packet.translated() ? packet.to() : null, masquerade, packet.share());
    }
}

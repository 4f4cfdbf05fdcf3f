package io.fairlead.iptables.trace;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.trace.Tracer;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Traces the first packet of a connection from a client that the {@code recent} lists have not seen: nat PREROUTING (or
 * OUTPUT for this node's own packets), then the filter hooks that its destination leads to by then (this node's own packets
 * to itself pass OUTPUT and INPUT), then nat POSTROUTING unless it came from outside and ends here.
 */
public final class PacketTracer implements Tracer {

    /** A packet with what has been said of it so far. */
    private record Passed(Packet packet, boolean accepted) {}

    private final Map<IpFamily, FamilyRules> rules;
    private final Host host;

    /** A tracer over these rules on this host. */
    public PacketTracer(Map<IpFamily, FamilyRules> rules, Host host) {
        this.rules = Map.copyOf(rules);
        this.host = host;
    }

    @Override
    public Trace trace(Flow flow) {
        IpFamily family = flow.from().family();
        FamilyRules ofFamily = rules.get(family);
        if (ofFamily == null) {
            throw new UnknownRuleException("iptables", flow.text(), "address family (no rules were read for it)");
        }
        return new Trace(flow, new PacketTrace(ofFamily, flow).paths());
    }

    /** One flow's trace. */
    private final class PacketTrace {
        private final ChainWalk filter;
        private final ChainWalk nat;
        private final boolean own;
        private final Packet start;
        private final List<TracePath> paths = new ArrayList<>();

        PacketTrace(FamilyRules ofFamily, Flow flow) {
            this.filter = new ChainWalk(ofFamily.table(Table.FILTER), host);
            this.nat = new ChainWalk(ofFamily.table(Table.NAT), host);
            this.own = host.isLocal(flow.from());
            this.start = new Packet(flow, own ? null : flow.inputInterface(), null, 0, false, 1, null);
        }

        List<TracePath> paths() {
            for (PathEnd exit : nat.walk(own ? BuiltInChain.OUTPUT : BuiltInChain.PREROUTING, start)) {
                switch (exit.how()) {
                    case RETURNED, ACCEPTED -> filter(exit.packet());
                    case DROPPED -> end(exit.packet(), Verdict.DROP);
                    case REJECTED -> end(exit.packet(), Verdict.REJECT);
                }
            }
            return paths;
        }

        private void filter(Packet packet) {
            List<Passed> passed = List.of(new Passed(packet, false));
            for (BuiltInChain hook : filterHooks(packet)) {
                List<Passed> next = new ArrayList<>();
                for (Passed each : passed) {
                    for (PathEnd exit : filter.walk(hook, each.packet())) {
                        switch (exit.how()) {
                            case RETURNED -> next.add(new Passed(exit.packet(), each.accepted()));
                            case ACCEPTED -> next.add(new Passed(exit.packet(), true));
                            case DROPPED -> end(exit.packet(), Verdict.DROP);
                            case REJECTED -> end(exit.packet(), Verdict.REJECT);
                        }
                    }
                }
                passed = next;
            }
            passed.forEach(this::postrouting);
        }

        private List<BuiltInChain> filterHooks(Packet packet) {
            boolean toNode = host.isLocal(packet.to());
            if (own) {
                return toNode ? List.of(BuiltInChain.OUTPUT, BuiltInChain.INPUT) : List.of(BuiltInChain.OUTPUT);
            }
            return List.of(toNode ? BuiltInChain.INPUT : BuiltInChain.FORWARD);
        }

        private void postrouting(Passed passed) {
            Packet packet = passed.packet();
            if (!own && host.isLocal(packet.to())) {
                // It leaves by no link: whether it was to be masqueraded is all that can be said.
                end(passed, packet, packet.mark() != 0);
                return;
            }
            for (PathEnd exit : nat.walk(BuiltInChain.POSTROUTING, packet)) {
                switch (exit.how()) {
                    case RETURNED, ACCEPTED ->
                        end(passed, exit.packet(), exit.packet().masqueraded());
                    case DROPPED -> end(exit.packet(), Verdict.DROP);
                    case REJECTED -> end(exit.packet(), Verdict.REJECT);
                }
            }
        }

        private void end(Passed passed, Packet packet, boolean masquerade) {
            Verdict verdict =
                    packet.translated() != null ? Verdict.DNAT : passed.accepted() ? Verdict.ACCEPT : Verdict.PASS;
            paths.add(new TracePath(packet.steps(), verdict, packet.translated(), masquerade, packet.share()));
        }

        /** A packet that goes nowhere. */
        private void end(Packet packet, Verdict verdict) {
            paths.add(new TracePath(packet.steps(), verdict, null, false, packet.share()));
        }
    }
}

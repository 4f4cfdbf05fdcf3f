package io.fairlead.explain.walk;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.trace.Answer;
import io.fairlead.core.trace.Packet;
import io.fairlead.core.trace.ProxyChains;
import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.trace.TraceStep;
import io.fairlead.core.trace.Tracer;
import io.fairlead.explain.model.BaseHook;
import io.fairlead.explain.model.Hook;
import io.fairlead.explain.model.NodeRule;
import io.fairlead.explain.model.NodeRules;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.explain.routing.Decision;
import io.fairlead.explain.routing.Routing;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows the first packet of a connection through the rules of all programs on a node.
 *
 * <h2>Design</h2>
 *
 * <ol>
 * <li>A packet passes all base chains of a hook in the order of their priorities, whether they belong to iptables or to
 *   nftables. If chains have the same priority, the kernel calls the newest chain first (Linux 6.1,
 *   nf_hook_entries_grow).
 * <li>Chains of type nat are called at one fixed priority, until one of them changes the packet's address. A packet
 *   without connection tracking passes none of them.
 * <li>Between the hooks the kernel chooses a route, by the current destination and mark of the packet.
 * <li>The proxy's own tracer follows the packet through the chains of the proxy, so that they are explained as without
 *   other programs.
 * <li>A rule is uncertain if it is not known whether it matches. The packet is followed twice: once as if the rule does
 *   not match, and once as if it does. If the results differ, the rule is reported as a doubt.
 * </ol>
 */
public final class NodeTracer implements Tracer {
    private final Facts facts;
    private final Routing routing;
    private final Map<IpFamily, Map<Hook, List<Base>>> bases = new EnumMap<>(IpFamily.class);
    private final IdentityHashMap<RuleTable, TableWalk> walks = new IdentityHashMap<>();

    /**
     * Creates a tracer.
     *
     * @param rules the tables of all programs, in the order of their creation
     * @param proxies the chains of the proxy, by the tool whose output contains them
     */
    public NodeTracer(NodeRules rules, Map<RuleTable.Tool, ProxyChains> proxies, Host host, Routing routing) {
        this.facts = new Facts(host, routing);
        this.routing = routing;
        for (IpFamily family : IpFamily.values()) {
            bases.put(family, Base.of(rules, family));
        }
        for (RuleTable table : rules.tables()) {
            ProxyChains proxy = isOfOneFamily(table) ? proxies.get(table.tool()) : null;
            walks.put(table, new TableWalk(table, proxy, facts));
        }
    }

    private static boolean isOfOneFamily(RuleTable table) {
        return table.family().sees(IpFamily.IPV4) != table.family().sees(IpFamily.IPV6);
    }

    @Override
    public Trace trace(Flow flow) {
        return explain(flow).trace();
    }

    @Override
    public Answer answer(Flow flow) {
        NodeTrace explained = explain(flow);
        return new Answer(
                explained.trace(), explained.stepsOfOthers(), explained.sourcesOfOthers(), explained.condition());
    }

    /**
     * Returns every path that the first packet of a flow may take, and the uncertain rules that would change the
     * outcome.
     */
    public NodeTrace explain(Flow flow) {
        Journey journey = new Journey(flow);
        journey.go();
        return journey.result();
    }

    /** Follows one packet. */
    private final class Journey {
        private final Flow flow;
        private final boolean fromHere;
        private final Ends ends;

        Journey(Flow flow) {
            this.flow = flow;
            this.fromHere = facts.isLocal(flow.from());
            this.ends = new Ends(flow);
        }

        void go() {
            if (fromHere) {
                leave();
            } else {
                arrive();
            }
        }

        NodeTrace result() {
            return ends.result();
        }

        private void arrive() {
            InterfaceName given = flow.inputInterface();
            String input = given != null ? given.text() : deviceTowardsSource();
            State first = State.of(Packet.of(flow, given == null ? name(input) : given), input);
            List<State> arrived = at(Hook.INGRESS, List.of(first), true);
            List<State> toHere = new ArrayList<>();
            List<State> onwards = new ArrayList<>();
            for (State state : at(Hook.PREROUTING, arrived, true)) {
                routed(state.tracked(), state.input(), toHere, onwards);
            }
            at(Hook.INPUT, entering(toHere, Hook.INPUT), true).forEach(state -> delivered(state, true));
            List<State> forwarded = at(Hook.FORWARD, onwards, true);
            depart(forwarded).forEach(state -> delivered(state, false));
        }

        private @Nullable String deviceTowardsSource() {
            return routing.decide(flow.to(), flow.from(), 0, null) instanceof Decision.Out(String device, var _, var _)
                    ? device
                    : null;
        }

        private static @Nullable InterfaceName name(@Nullable String device) {
            try {
                return device == null || device.isEmpty() ? null : new InterfaceName(device);
            } catch (IllegalArgumentException _) {
                return null;
            }
        }

        private void leave() {
            State first = State.of(Packet.of(flow, (InterfaceName) null), "");
            State routed = outbound(first.at(Hook.OUTPUT, true, "", null));
            if (routed == null) {
                return;
            }
            List<State> toHere = new ArrayList<>();
            for (State state : depart(at(Hook.OUTPUT, List.of(routed), true))) {
                if (isHere(state)) {
                    toHere.add(state.at(Hook.PREROUTING, false, "lo", ""));
                } else {
                    delivered(state, false);
                }
            }
            // Chains of type nat do not see this packet again: they saw its connection at hook OUTPUT.
            List<State> again = at(Hook.PREROUTING, toHere, false);
            at(Hook.INPUT, entering(again, Hook.INPUT), false).forEach(state -> delivered(state, true));
        }

        private boolean isHere(State state) {
            return "lo".equals(state.output());
        }

        private static List<State> entering(List<State> states, Hook hook) {
            return states.stream()
                    .map(state -> state.at(hook, false, state.input(), ""))
                    .toList();
        }

        private List<State> depart(List<State> states) {
            List<State> leaving = states.stream()
                    .map(state -> state.at(Hook.POSTROUTING, false, state.input(), state.output()))
                    .toList();
            return at(Hook.EGRESS, at(Hook.POSTROUTING, leaving, true), true);
        }

        /**
         * Routes a packet that arrived from outside: adds it to the packets for hook INPUT or for hook FORWARD. If no
         * route leads to the destination, the packet's path ends.
         */
        private void routed(State state, @Nullable String input, List<State> toHere, List<State> onwards) {
            Decision decision = decide(state, input);
            if (facts.isLocal(state.packet().to().ip()) || decision instanceof Decision.Here) {
                toHere.add(state);
            } else {
                State passed = passed(state, decision);
                if (passed != null) {
                    onwards.add(passed.at(Hook.FORWARD, false, input, passed.output()));
                }
            }
        }

        /** Routes a packet that this host sends. Returns it with its output interface; null if it is discarded. */
        private @Nullable State outbound(State state) {
            Decision decision = decide(state, null);
            return facts.isLocal(state.packet().to().ip()) || decision instanceof Decision.Here
                    ? state.at(state.hook(), state.before(), state.input(), "lo")
                    : passed(state, decision);
        }

        private Decision decide(State state, @Nullable String input) {
            boolean marksDecide = routing.rules().stream().anyMatch(rule -> rule.mask() != 0);
            return state.marks().unknown() && marksDecide
                    ? new Decision.Unknown()
                    : routing.decide(
                            state.packet().from(),
                            state.packet().to().ip(),
                            state.packet().mark() & 0xffffffffL,
                            input);
        }

        private @Nullable State passed(State state, Decision decision) {
            return switch (decision) {
                case Decision.Here _ -> state;
                case Decision.Unknown _ -> state.at(state.hook(), state.before(), state.input(), null);
                case Decision.Out(String device, String by, boolean special) -> {
                    State out = state.at(state.hook(), state.before(), state.input(), device);
                    yield special ? out.with(met(out, by, "leaves through " + device)) : out;
                }
                case Decision.Nowhere(String by, boolean silent) -> {
                    State stopped = state.with(met(state, by, silent ? "dropped" : "refused: it has no route"));
                    ends.stopped(stopped, silent ? Verdict.DROP : Verdict.REJECT);
                    yield null;
                }
            };
        }

        private static Packet met(State state, String by, String why) {
            return state.packet().met(new TraceStep("routing", by, Owners.origin(Owners.ROUTING), why));
        }

        /** Sends packets through all base chains of a hook. Returns the packets that are accepted. */
        private List<State> at(Hook hook, List<State> states, boolean translating) {
            List<State> here = states;
            IpFamily family = flow.from().family();
            for (Base base : bases.getOrDefault(family, Map.of()).getOrDefault(hook, List.of())) {
                if (base.hook().type() == BaseHook.Type.NAT && !translating) {
                    continue;
                }
                List<State> next = new ArrayList<>();
                for (State state : here) {
                    pass(base, state, next);
                }
                here = next;
            }
            return here;
        }

        private void pass(Base base, State state, List<State> next) {
            BaseHook hook = base.hook();
            boolean first = hook.hook() == Hook.PREROUTING || hook.hook() == Hook.OUTPUT;
            boolean before = first && state.before() && hook.calledAt() < BaseHook.CONNECTION_TRACKING;
            State entering = state.at(hook.hook(), before || isBeforeIp(hook), state.input(), state.output());
            if (!isCalled(hook, entering)) {
                next.add(state.before() && !before && first ? state.tracked() : state);
                return;
            }
            TableWalk walk = walks.get(base.table());
            if (walk == null) {
                return;
            }
            for (Exit exit : walk.through(base.chain(), entering)) {
                switch (exit.ending()) {
                    case DECIDED -> rerouted(base, state, exit.state(), next);
                    case RETURNED -> {
                        if (hook.accepts()) {
                            rerouted(base, state, exit.state(), next);
                        } else {
                            ends.stopped(policy(base, exit.state()), Verdict.DROP);
                        }
                    }
                    case DROPPED -> ends.stopped(exit.state(), Verdict.DROP);
                    case REJECTED -> ends.stopped(exit.state(), Verdict.REJECT);
                    case TAKEN -> ends.stopped(exit.state(), Verdict.ACCEPT);
                    case UNKNOWN -> ends.unknown(exit.state());
                }
            }
        }

        private static boolean isBeforeIp(BaseHook hook) {
            return hook.hook() == Hook.INGRESS;
        }

        private boolean isCalled(BaseHook hook, State state) {
            if (hook.type() == BaseHook.Type.NAT) {
                boolean done = hook.calledAt() == BaseHook.DESTINATION_NAT
                        ? state.packet().translated()
                        : state.packet().masqueraded();
                return !state.untracked() && !done;
            }
            String device = hook.hook() == Hook.EGRESS ? state.output() : state.input();
            return hook.devices().isEmpty() || (device != null && hook.devices().contains(device));
        }

        /**
         * Adds the packet to {@code next}. If the chain is at hook OUTPUT and changed the destination or the mark, the
         * kernel first chooses the route again.
         */
        private void rerouted(Base base, State before, State after, List<State> next) {
            boolean again = base.hook().hook() == Hook.OUTPUT
                    && base.hook().type() != BaseHook.Type.FILTER
                    && (!before.packet().to().equals(after.packet().to())
                            || before.packet().mark() != after.packet().mark());
            State state = again ? outbound(after) : after;
            if (state != null) {
                next.add(state);
            }
        }

        private State policy(Base base, State state) {
            String chain = base.chain().name();
            String text = base.table().tool() == RuleTable.Tool.NFT ? "policy drop" : "policy DROP";
            NodeRule rule = new NodeRule(List.of(), text, "", "");
            return state.with(state.packet()
                    .met(new TraceStep(
                            base.table().place(chain),
                            text,
                            Owners.of(base.table(), chain, rule),
                            "dropped: no rule of the chain accepted the packet")));
        }

        private void delivered(State state, boolean toHere) {
            Packet packet = state.packet();
            Verdict verdict = packet.translated() ? Verdict.DNAT : packet.accepted() ? Verdict.ACCEPT : Verdict.PASS;
            // A packet from outside to this host does not pass hook POSTROUTING. Only the proxy's bit in its mark shows
            // that the proxy wants to masquerade it.
            boolean masquerade = (!fromHere && toHere) ? state.marks().proxyBits() != 0 : packet.masqueraded();
            ends.ended(
                    state,
                    new TracePath(
                            packet.steps(),
                            verdict,
                            packet.translated() ? packet.to() : null,
                            masquerade,
                            packet.share()));
        }
    }
}

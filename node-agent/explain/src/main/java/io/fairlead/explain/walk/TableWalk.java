package io.fairlead.explain.walk;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.trace.Packet;
import io.fairlead.core.trace.PathEnd;
import io.fairlead.core.trace.ProxyChains;
import io.fairlead.core.trace.TraceStep;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.explain.model.NodeRule;
import io.fairlead.explain.model.RuleChain;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.explain.model.Statement;
import io.fairlead.explain.walk.Exit.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Follows all paths of a packet through the chains of one table at one hook. */
final class TableWalk {
    static final String NEW_SOURCE = "gets source address ";
    static final String OWN_SOURCE = "gets an address of this node as its source";

    private final RuleTable table;
    private final @Nullable ProxyChains proxy;
    private final Conditions conditions;
    private final Translations translations;
    private final ChainStack inside;

    /**
     * Creates a walk through a table.
     *
     * @param proxy the chains of the proxy in the output of the same tool; null if there are none
     */
    TableWalk(RuleTable table, @Nullable ProxyChains proxy, Facts facts) {
        this.table = table;
        this.proxy = proxy;
        Evaluation evaluation = new Evaluation(table, facts);
        this.conditions = new Conditions(evaluation);
        this.translations = new Translations(evaluation, facts);
        this.inside = ChainStack.of(table.tool());
    }

    List<Exit> through(RuleChain chain, State state) {
        inside.enter(chain.name());
        try {
            return within(chain, state);
        } finally {
            inside.leave(chain.name());
        }
    }

    private List<Exit> within(RuleChain chain, State state) {
        if (isProxys(chain.name(), state)) {
            try {
                return throughProxy(chain.name(), state);
            } catch (UnknownRuleException _) {
                // Another program added a rule to this chain of the proxy. Follow the chain as any other chain.
            }
        }
        List<Exit> exits = new ArrayList<>();
        List<State> here = List.of(state);
        for (NodeRule rule : chain.rules()) {
            List<State> next = new ArrayList<>();
            for (State each : here) {
                new RuleRun(chain, rule, next, exits).run(each);
            }
            here = next;
            if (here.isEmpty()) {
                return exits;
            }
        }
        here.forEach(each -> exits.add(new Exit(each, Ending.RETURNED)));
        return exits;
    }

    /**
     * Returns whether the proxy's own tracer can follow a packet through a chain. It follows only chains of the proxy,
     * and only packets that are tracked and have a known mark.
     */
    private boolean isProxys(String chain, State state) {
        return proxy != null
                && !state.untracked()
                && !state.marks().unknown()
                && proxy.has(family(state), table.name(), chain);
    }

    private static IpFamily family(State state) {
        return state.packet().from().family();
    }

    private List<Exit> throughProxy(String chain, State state) {
        List<Exit> exits = new ArrayList<>();
        if (proxy != null) {
            for (PathEnd end : proxy.walk(family(state), table.name(), chain, state.packet())) {
                Ending ending = switch (end.ending()) {
                    case RETURNED -> Ending.RETURNED;
                    case DECIDED -> Ending.DECIDED;
                    case DROPPED -> Ending.DROPPED;
                    case REJECTED -> Ending.REJECTED;
                };
                exits.add(new Exit(state.afterProxy(end.packet()), ending));
            }
        }
        return exits;
    }

    /** Applies one rule to one packet. */
    private final class RuleRun {
        private final RuleChain chain;
        private final NodeRule rule;
        private final List<State> next;
        private final List<Exit> exits;

        RuleRun(RuleChain chain, NodeRule rule, List<State> next, List<Exit> exits) {
            this.chain = chain;
            this.rule = rule;
            this.next = next;
            this.exits = exits;
        }

        void run(State state) {
            run(state, 0);
        }

        private void run(State state, int from) {
            State here = state;
            for (int i = from; i < rule.statements().size(); i++) {
                Statement statement = rule.statements().get(i);
                switch (statement) {
                    case Statement.If _,
                            Statement.IfAny _,
                            Statement.Chance _,
                            Statement.Never _,
                            Statement.UnknownMatch _ -> {
                        State going = matching(conditions.of(statement, here), here, i);
                        if (going == null) {
                            return;
                        }
                        here = going;
                    }
                    case Statement.LookUp lookUp -> {
                        lookUp(lookUp, here, i);
                        return;
                    }
                    default -> {
                        State going = act(statement, here, i);
                        if (going == null) {
                            return;
                        }
                        here = going;
                    }
                }
            }
            next.add(here);
        }

        /**
         * Returns the packet for which the rest of the rule applies; null if there is none. If it is unknown whether
         * the condition holds, also runs the rest of the rule as if it holds.
         */
        private @Nullable State matching(Conditions.Answer answer, State here, int index) {
            if (answer.yes() >= 1) {
                return here;
            }
            if (answer.unknown() > 0 && isDoubted(here)) {
                return here;
            }
            if (answer.unknown() > 0 && here.mayBeDoubted() && changesSomething(index + 1)) {
                run(here.doubting(step(""), answer.what()), index + 1);
            }
            if (answer.yes() <= 0) {
                next.add(here);
                return null;
            }
            next.add(here.with(here.packet().withChance(1 - answer.yes())));
            return here.with(here.packet().withChance(answer.yes()));
        }

        /** Returns whether this rule is already assumed to match, because of an earlier uncertain condition. */
        private boolean isDoubted(State here) {
            return step("").equals(here.doubts().last());
        }

        /** Returns whether the statements from an index on may change what happens to a packet. */
        private boolean changesSomething(int from) {
            return rule.statements().subList(from, rule.statements().size()).stream()
                    .anyMatch(statement -> !Conditions.isCondition(statement)
                            && !(statement instanceof Statement.Nothing)
                            && !(statement instanceof Statement.Return
                                    && chain.rules().getLast().equals(rule)));
        }

        private void lookUp(Statement.LookUp lookUp, State here, int index) {
            for (Conditions.Verdicts verdicts : conditions.verdicts(lookUp, here)) {
                State state = here.with(here.packet().withChance(verdicts.chance()));
                if (verdicts.unknown() && state.mayBeDoubted()) {
                    exits.add(new Exit(state.doubting(step(""), "the elements of a map"), Ending.UNKNOWN));
                }
                Statement verdict = verdicts.statement();
                State going = verdict == null ? state : act(verdict, state, index);
                if (going != null) {
                    run(going, index + 1);
                }
            }
        }

        /** Performs an action. Returns the packet for which the rest of the rule applies; null if there is none. */
        private @Nullable State act(Statement statement, State here, int index) {
            switch (statement) {
                case Statement.Accept _ -> exits.add(new Exit(met(here, "accepted in this chain"), Ending.DECIDED));
                case Statement.Drop _ -> exits.add(new Exit(met(here, "dropped"), Ending.DROPPED));
                case Statement.Reject _ -> exits.add(new Exit(met(here, "rejected"), Ending.REJECTED));
                case Statement.Return _ -> exits.add(new Exit(here, Ending.RETURNED));
                case Statement.Jump(String to) -> {
                    jump(to, here, index);
                }
                case Statement.GoTo(String to) -> goTo(to, here);
                case Statement.SetMark(var value) -> {
                    return translations.mark(value, here, this::met);
                }
                case Statement.SetConnectionMark(var value) -> {
                    return translations.connectionMark(value, here);
                }
                case Statement.NoTrack _ -> {
                    return here.before()
                            ? met(here, "not tracked: no rule of type nat sees it")
                                    .excluded()
                            : here;
                }
                case Statement.Dnat dnat -> {
                    return translated(translations.destination(dnat, here), here);
                }
                case Statement.Redirect(var port) -> {
                    return translated(translations.redirected(port, here), here);
                }
                case Statement.Snat(String to) -> masquerade(here, NEW_SOURCE + to);
                case Statement.Masquerade _ -> masquerade(here, OWN_SOURCE);
                case Statement.ToSocket _ ->
                    exits.add(new Exit(met(here, "a process on this node receives it"), Ending.TAKEN));
                case Statement.Queue(String text, boolean _) -> {
                    unknownEffect(here, text);
                    exits.add(new Exit(here, Ending.DECIDED));
                }
                case Statement.UnknownAction(String text) -> {
                    unknownEffect(here, text);
                    return here;
                }
                case Statement.Nothing _ -> {
                    return here;
                }
                case Statement.If _,
                        Statement.IfAny _,
                        Statement.Chance _,
                        Statement.Never _,
                        Statement.UnknownMatch _,
                        Statement.LookUp _ -> throw new IllegalStateException("a condition is no action");
            }
            return null;
        }

        private void unknownEffect(State here, String what) {
            if (here.mayBeDoubted()) {
                exits.add(new Exit(here.doubting(step(""), what), Ending.UNKNOWN));
            }
        }

        private void masquerade(State here, String why) {
            State met = met(here, why);
            exits.add(new Exit(met.with(met.packet().masquerade()), Ending.DECIDED));
        }

        private @Nullable State translated(@Nullable List<Packet> sent, State here) {
            if (sent == null) {
                next.add(here);
                return null;
            }
            if (sent.isEmpty()) {
                unknownEffect(here, rule.text());
                return here;
            }
            for (Packet packet : sent) {
                State state = here.with(packet);
                exits.add(new Exit(met(state, "sent to " + packet.to()), Ending.DECIDED));
            }
            return null;
        }

        private void goTo(String to, State here) {
            RuleChain target = table.chain(to);
            if (target == null || !inside.canEnter(to)) {
                unknownEffect(here, "chain " + to);
                next.add(here);
            } else {
                exits.addAll(through(target, met(here, "goes to " + to)));
            }
        }

        private void jump(String to, State here, int index) {
            RuleChain target = table.chain(to);
            if (target == null || !inside.canEnter(to)) {
                unknownEffect(here, "chain " + to);
                run(here, index + 1);
                return;
            }
            boolean toProxy = isProxys(to, here);
            State passing = toProxy ? toProxy(to, here) : met(here, "passes " + to);
            for (Exit exit : through(target, passing)) {
                if (exit.ending() != Ending.RETURNED) {
                    exits.add(exit);
                } else if (!toProxy
                        && Objects.equals(
                                exit.state().packet().lastStep(),
                                passing.packet().lastStep())) {
                    run(exit.state().withStepsOf(here), index + 1);
                } else {
                    run(exit.state(), index + 1);
                }
            }
        }

        /** Adds the step for a jump to a chain of the proxy, in the form of the proxy's own tracer. */
        private State toProxy(String to, State here) {
            boolean always = rule.statements().stream().noneMatch(Conditions::isCondition);
            String text = rule.text().startsWith("-A ")
                    ? rule.text().substring(rule.text().indexOf(' ', 3) + 1)
                    : rule.text();
            return here.with(here.packet()
                    .met(new TraceStep(
                            table.place(chain.name()),
                            text,
                            new Origin.Node(),
                            "every " + (always ? "packet" : "new connection") + " passes " + to)));
        }

        private State met(State here, String why) {
            return here.with(here.packet().met(step(why)));
        }

        private TraceStep step(String why) {
            return new TraceStep(table.place(chain.name()), shown(), Owners.of(table, chain.name(), rule), why);
        }

        /** Returns the text and the place of the rule, for users. */
        private String shown() {
            return rule.text() + (rule.where().isEmpty() ? "" : "   (" + rule.where() + ")");
        }
    }
}

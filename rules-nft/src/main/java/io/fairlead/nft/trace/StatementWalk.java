package io.fairlead.nft.trace;

import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.rules.Refusal;
import io.fairlead.core.trace.ChainWalk;
import io.fairlead.core.trace.Packet;
import io.fairlead.core.trace.TraceStep;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementData;
import io.fairlead.nft.rule.Expression;
import io.fairlead.nft.rule.Expression.Field;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Statement;
import io.fairlead.nft.rule.Verdict;
import io.fairlead.nft.text.ElementText;
import io.fairlead.nft.text.KubeProxyRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes the paths of one packet through the statements of one rule. */
final class StatementWalk {
    private final RuleStep rules;
    private final ChainWalk<Chain> walk;
    private final Rule rule;

    StatementWalk(RuleStep rules, ChainWalk<Chain> walk, Rule rule) {
        this.rules = rules;
        this.walk = walk;
        this.rule = rule;
    }

    void run(Packet packet) {
        @Nullable Packet here = packet;
        for (Statement statement : rule.statements()) {
            here = statement instanceof Statement.ForeignRule(String text)
                    ? ofKubeProxy(text, here)
                    : step(statement, here);
            if (here == null) {
                return;
            }
        }
        walk.next(here);
    }

    /**
     * Follows a rule that only kube-proxy writes. Returns the packet after the whole rule; null if the further path of
     * the packet is already reported to the walk.
     */
    private @Nullable Packet ofKubeProxy(String text, Packet packet) {
        @Nullable Packet here = packet;
        for (KubeProxyRule.Clause part : rules.ofKubeProxy(text)) {
            here = switch (part) {
                case KubeProxyRule.Clause.Same(Statement statement) -> step(statement, here);
                case KubeProxyRule.Clause.Remember _ -> met(here, "stores the client's endpoint");
                case KubeProxyRule.Clause.MarkIsSet(int bits) -> onlyIf((here.mark() & bits) != 0, here);
                case KubeProxyRule.Clause.PortIs(Protocol protocol, int port) ->
                    onlyIf(here.flow().protocol() == protocol && here.to().port() == port, here);
                case KubeProxyRule.Clause.SendTo(List<IpPort> endpoints) -> {
                    for (IpPort endpoint : endpoints) {
                        String why =
                                "sent to " + endpoint + (endpoints.size() == 1 ? "" : ", one of " + endpoints.size());
                        walk.decided(met(here.withChance(1.0 / endpoints.size()).sentTo(endpoint), why));
                    }
                    yield null;
                }
                case KubeProxyRule.Clause.OneOf(List<Verdict> verdicts) -> {
                    for (Verdict verdict : verdicts) {
                        decide(verdict, met(here.withChance(1.0 / verdicts.size()), why(verdict)));
                    }
                    yield null;
                }
            };
            if (here == null) {
                return null;
            }
        }
        return here;
    }

    /**
     * Follows one statement. Returns the packet for the next statement of the rule; null if the further path of the
     * packet is already reported to the walk.
     */
    private @Nullable Packet step(Statement statement, Packet here) {
        return switch (statement) {
            case Statement.NewConnection _ -> here;
            case Statement.DestinationTranslated _,
                    Statement.ProtocolIs _,
                    Statement.AddressIn _,
                    Statement.InSet _,
                    Statement.IsLocal _,
                    Statement.InputInterface _,
                    Statement.MarkIsUnset _ -> onlyIf(matches(statement, here), here);
            case Statement.Chance(int part, int whole) -> {
                walk.next(here.withChance(1 - (double) part / whole));
                yield here.withChance((double) part / whole);
            }
            case Statement.SetMark(int bits) -> met(here.withMark(here.mark() | bits), "marked for masquerading");
            case Statement.FlipMark(int bits) -> here.withMark(here.mark() ^ bits);
            case Statement.Update _ -> met(here, "stores the client's endpoint");
            case Statement.Delete _ -> met(here, "deletes the client's endpoint");
            case Statement.LookUpVerdict(Expression key, SetName map) -> {
                lookUpVerdict(key, rules.set(map), here);
                yield null;
            }
            case Statement.Dnat(Expression key, SetName map) -> {
                dnat(key, rules.set(map), here);
                yield null;
            }
            case Statement.DnatOfTwo(var _, SetName addresses, SetName ports) -> {
                dnatOfTwo(rules.set(addresses), rules.set(ports), here);
                yield null;
            }
            case Statement.Masquerade _ -> {
                walk.decided(met(here.masquerade(), "gets an address of this node as its source"));
                yield null;
            }
            case Statement.Reject(Refusal with) -> {
                if (with == Refusal.TCP_RESET && here.flow().protocol() != Protocol.TCP) {
                    walk.next(here);
                    yield null;
                }
                walk.rejects(met(here, with.text()));
                yield null;
            }
            case Statement.Decide(Verdict verdict) -> {
                decide(verdict, met(here, why(verdict)));
                yield null;
            }
            case Statement.ForeignRule(String text) -> throw new IllegalArgumentException("rule " + text);
        };
    }

    private @Nullable Packet onlyIf(boolean matches, Packet here) {
        if (!matches) {
            walk.next(here);
        }
        return matches ? here : null;
    }

    private boolean matches(Statement statement, Packet packet) {
        return switch (statement) {
            case Statement.NewConnection _ -> true;
            case Statement.DestinationTranslated _ -> packet.translated();
            case Statement.ProtocolIs(var protocols) ->
                protocols.contains(packet.flow().protocol());
            case Statement.AddressIn(Field field, boolean negated, var prefixes) -> {
                Ip ip = address(field, packet);
                yield negated != prefixes.stream().anyMatch(prefix -> prefix.contains(ip));
            }
            case Statement.InSet(Expression key, boolean negated, SetName set) ->
                inSet(key, negated, rules.set(set), packet);
            case Statement.IsLocal(Field field) -> rules.host().isLocal(address(field, packet));
            case Statement.InputInterface(boolean negated, InterfaceName name, boolean prefix) -> {
                InterfaceName input = packet.input();
                boolean same = input != null && (prefix ? input.text().startsWith(name.text()) : input.equals(name));
                yield negated != same;
            }
            case Statement.MarkIsUnset(int bits) -> (packet.mark() & bits) == 0;
            case Statement.Chance _,
                    Statement.SetMark _,
                    Statement.FlipMark _,
                    Statement.LookUpVerdict _,
                    Statement.Dnat _,
                    Statement.DnatOfTwo _,
                    Statement.Update _,
                    Statement.Delete _,
                    Statement.Masquerade _,
                    Statement.Reject _,
                    Statement.Decide _,
                    Statement.ForeignRule _ -> throw new IllegalArgumentException("no match: " + statement);
        };
    }

    private boolean inSet(Expression key, boolean negated, NamedSet set, Packet packet) {
        List<Lookup.Value> values = Lookup.values(key, packet);
        if (values.size() > 1) {
            throw new IllegalArgumentException("random match");
        }
        return !values.isEmpty() && negated == (Lookup.find(set, values.getFirst()) == null);
    }

    private void lookUpVerdict(Expression key, NamedSet map, Packet here) {
        for (Lookup.Value value : valuesOrNext(key, here)) {
            Element element = Lookup.find(map, value);
            Packet chosen = here.withChance(value.chance());
            if (element == null) {
                walk.next(chosen);
            } else if (element.data() instanceof Verdict verdict) {
                decide(verdict, met(chosen, element, "@" + map.name() + " has " + ElementText.write(element)));
            } else {
                throw new IllegalArgumentException("vmap over a map without verdicts");
            }
        }
    }

    private void dnat(Expression key, NamedSet map, Packet here) {
        List<Lookup.Value> values = valuesOrNext(key, here);
        for (Lookup.Value value : values) {
            Element element = Lookup.find(map, value);
            Packet chosen = here.withChance(value.chance());
            if (element == null) {
                walk.next(chosen);
            } else if (element.data() instanceof ElementData.Target(var endpoint)) {
                String why = "sent to " + endpoint + (values.size() == 1 ? "" : ", one of " + values.size());
                walk.decided(met(chosen.sentTo(endpoint), element, why));
            } else {
                throw new IllegalArgumentException("dnat to a verdict");
            }
        }
    }

    /**
     * Returns the values of an expression. If there are none, the rule does not match, and the packet continues with
     * the next rule.
     */
    private List<Lookup.Value> valuesOrNext(Expression key, Packet here) {
        List<Lookup.Value> values = Lookup.values(key, here);
        if (values.isEmpty()) {
            walk.next(here);
        }
        return values;
    }

    /**
     * Follows a DNAT with two affinity maps. A new client is in neither of these maps, so the packet continues with the
     * next rule.
     */
    private void dnatOfTwo(NamedSet addresses, NamedSet ports, Packet here) {
        boolean memory = addresses.type() instanceof SetType.Affinity && ports.type() instanceof SetType.Affinity;
        if (!memory) {
            throw new IllegalArgumentException("dnat to two maps that are not for affinity");
        }
        walk.next(here);
    }

    private void decide(Verdict verdict, Packet packet) {
        switch (verdict) {
            case Verdict.Jump(var to) -> walk.jump(rules.chain(to), packet);
            case Verdict.Goto(var to) -> walk.goTo(rules.chain(to), packet);
            case Verdict.Return _ -> walk.returns(packet);
            case Verdict.Accept _ -> walk.decided(packet.accept());
            case Verdict.Drop _ -> walk.drops(packet);
        }
    }

    private Packet met(Packet packet, String why) {
        return met(packet, walk.chain().origin(), why);
    }

    private Packet met(Packet packet, Element element, String why) {
        return met(packet, element.origin(), why);
    }

    private Packet met(Packet packet, Origin origin, String why) {
        String comment = rule.comment().isEmpty() ? why : why + " (" + rule.comment() + ")";
        Packet.@Nullable Step last = packet.lastStep();
        TraceStep step = new TraceStep(rules.place(walk.chain()), rules.text(rule), origin, comment);
        return last != null && last.step().equals(step) ? packet : packet.met(step);
    }

    private static Ip address(Field field, Packet packet) {
        return switch (field) {
            case SOURCE_ADDRESS -> packet.from();
            case DESTINATION_ADDRESS -> packet.to().ip();
            case PROTOCOL, PORT, TCP_PORT, UDP_PORT, SCTP_PORT, ORIGINAL_ADDRESS, ORIGINAL_PORT ->
                throw new IllegalArgumentException("match on " + field);
        };
    }

    private static String why(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Jump(var to) -> "jump to " + to;
            case Verdict.Goto(var to) -> "goto " + to;
            case Verdict.Return _ -> "returns to the calling chain";
            case Verdict.Accept _ -> "accepted";
            case Verdict.Drop _ -> "dropped";
        };
    }
}

package io.fairlead.nft.trace;

import io.fairlead.core.flow.Host;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.trace.TraceStep;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.Comment;
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
import io.fairlead.nft.text.RuleText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every way through one rule. */
final class ChainWalk {
    private final PacketTracer tracer;
    private final Chain chain;
    private final Rule rule;
    private final List<PathEnd> ends = new ArrayList<>();

    ChainWalk(PacketTracer tracer, Chain chain, Rule rule) {
        this.tracer = tracer;
        this.chain = chain;
        this.rule = rule;
    }

    List<PathEnd> from(Packet packet) {
        try {
            walk(packet);
        } catch (IllegalArgumentException e) {
            throw tracer.unknown(chain, rule, String.valueOf(e.getMessage()));
        }
        return ends;
    }

    private void walk(Packet packet) {
        @Nullable Packet here = packet;
        for (Statement statement : rule.statements()) {
            here = statement instanceof Statement.ForeignRule(String text)
                    ? foreign(text, here)
                    : step(statement, here);
            if (here == null) {
                return;
            }
        }
        ends.add(new PathEnd(here, PathEnd.Ending.NEXT));
    }

    /** A rule that only kube-proxy writes. */
    private @Nullable Packet foreign(String text, Packet packet) {
        @Nullable Packet here = packet;
        for (KubeProxyRule.Part part : KubeProxyRule.parse(text, tracer.table().family())) {
            here = switch (part) {
                case KubeProxyRule.Part.Same(Statement statement) -> step(statement, here);
                case KubeProxyRule.Part.Remember _ -> met(here, "the client's endpoint is remembered");
                case KubeProxyRule.Part.MarkIsSet(int bits) -> onlyIf((here.mark() & bits) != 0, here);
                case KubeProxyRule.Part.PortIs(Protocol protocol, int port) ->
                    onlyIf(here.flow().protocol() == protocol && here.to().port() == port, here);
                case KubeProxyRule.Part.SendTo(List<IpPort> endpoints) -> {
                    for (IpPort endpoint : endpoints) {
                        String why =
                                "sent to " + endpoint + (endpoints.size() == 1 ? "" : ", one of " + endpoints.size());
                        Packet sent = met(here.sentTo(endpoint, 1.0 / endpoints.size()), why);
                        ends.add(new PathEnd(sent, PathEnd.Ending.DECIDED));
                    }
                    yield null;
                }
                case KubeProxyRule.Part.OneOf(List<Verdict> verdicts) -> {
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

    /** One statement; null if the rule ends there. */
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
            case Statement.SetMark(int bits) -> met(here.withMark(bits), "marked for masquerading");
            case Statement.FlipMark(int bits) -> here.withFlippedMark(bits);
            case Statement.Update _ -> met(here, "the client's endpoint is remembered");
            case Statement.Delete _ -> met(here, "the client's endpoint is forgotten");
            case Statement.LookUpVerdict(Expression key, SetName map) -> {
                lookUpVerdict(key, set(map), here);
                yield null;
            }
            case Statement.Dnat(Expression key, SetName map) -> {
                dnat(key, set(map), here);
                yield null;
            }
            case Statement.DnatOfTwo(var _, SetName addresses, SetName ports) -> {
                dnatOfTwo(set(addresses), set(ports), here);
                yield null;
            }
            case Statement.Masquerade _ ->
                ended(met(here.masquerade(), "the source becomes this node's"), PathEnd.Ending.DECIDED);
            case Statement.Reject _ -> ended(met(here, "refused with an ICMP error"), PathEnd.Ending.REJECTED);
            case Statement.Decide(Verdict verdict) -> {
                decide(verdict, met(here, why(verdict)));
                yield null;
            }
            case Statement.ForeignRule(String text) -> throw new IllegalArgumentException("rule " + text);
        };
    }

    private @Nullable Packet onlyIf(boolean matches, Packet here) {
        return matches ? here : ended(here, PathEnd.Ending.MISSED);
    }

    private @Nullable Packet ended(Packet packet, PathEnd.Ending how) {
        ends.add(new PathEnd(packet, how));
        return null;
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
            case Statement.InSet(Expression key, boolean negated, SetName set) -> inSet(key, negated, set(set), packet);
            case Statement.IsLocal(Field field) -> isLocal(tracer.host(), address(field, packet));
            case Statement.InputInterface(boolean negated, InterfaceName name, boolean prefix) -> {
                InterfaceName input = packet.flow().inputInterface();
                boolean same = input != null && (prefix ? input.text().startsWith(name.text()) : input.equals(name));
                yield negated != same;
            }
            case Statement.MarkIsUnset(int bits) -> (packet.mark() & bits) == 0;
            case Statement.SetMark _,
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

    private static boolean isLocal(Host host, Ip ip) {
        return host.isLocal(ip);
    }

    private boolean inSet(Expression key, boolean negated, NamedSet set, Packet packet) {
        List<Lookup.Value> values = Lookup.values(key, packet);
        if (values.size() > 1) {
            throw new IllegalArgumentException("random match");
        }
        return !values.isEmpty() && negated == (Lookup.find(set, values.getFirst()) == null);
    }

    private static Ip address(Field field, Packet packet) {
        return switch (field) {
            case SOURCE_ADDRESS -> packet.from();
            case DESTINATION_ADDRESS -> packet.to().ip();
            case PROTOCOL, PORT, TCP_PORT, UDP_PORT, SCTP_PORT, ORIGINAL_ADDRESS, ORIGINAL_PORT ->
                throw new IllegalArgumentException("match on " + field);
        };
    }

    private void lookUpVerdict(Expression key, NamedSet map, Packet here) {
        for (Lookup.Value value : Lookup.values(key, here)) {
            Element element = Lookup.find(map, value);
            Packet chosen = here.withChance(value.chance());
            if (element == null) {
                ends.add(new PathEnd(here.withChance(value.chance()), PathEnd.Ending.MISSED));
            } else if (element.data() instanceof Verdict verdict) {
                decide(verdict, met(chosen, map, element, "@" + map.name() + " has " + ElementText.write(element)));
            } else {
                throw new IllegalArgumentException("vmap over a map without verdicts");
            }
        }
        missIfNoValue(here);
    }

    private void dnat(Expression key, NamedSet map, Packet here) {
        List<Lookup.Value> values = Lookup.values(key, here);
        for (Lookup.Value value : values) {
            Element element = Lookup.find(map, value);
            if (element == null) {
                ends.add(new PathEnd(here.withChance(value.chance()), PathEnd.Ending.MISSED));
            } else if (element.data() instanceof ElementData.Target(var endpoint)) {
                String why = "sent to " + endpoint + (values.size() == 1 ? "" : ", one of " + values.size());
                Packet sent = met(here.sentTo(endpoint, value.chance()), map, element, why);
                ends.add(new PathEnd(sent, PathEnd.Ending.DECIDED));
            } else {
                throw new IllegalArgumentException("dnat to a verdict");
            }
        }
        missIfNoValue(here);
    }

    /** The maps are the rules' own memory; a new client is in neither. */
    private void dnatOfTwo(NamedSet addresses, NamedSet ports, Packet here) {
        boolean memory = addresses.type() instanceof SetType.Affinity && ports.type() instanceof SetType.Affinity;
        if (!memory) {
            throw new IllegalArgumentException("dnat to two maps that are not for affinity");
        }
        ends.add(new PathEnd(here, PathEnd.Ending.MISSED));
    }

    private void missIfNoValue(Packet here) {
        if (ends.isEmpty()) {
            ends.add(new PathEnd(here, PathEnd.Ending.MISSED));
        }
    }

    private void decide(Verdict verdict, Packet packet) {
        switch (verdict) {
            case Verdict.Jump(var to) -> ends.addAll(tracer.jump(to, chain, rule, packet));
            case Verdict.Goto(var to) -> {
                for (PathEnd branch : tracer.jump(to, chain, rule, packet)) {
                    boolean back = branch.ending() == PathEnd.Ending.NEXT;
                    ends.add(back ? new PathEnd(branch.packet(), PathEnd.Ending.RETURNED) : branch);
                }
            }
            case Verdict.Return _ -> ends.add(new PathEnd(packet, PathEnd.Ending.RETURNED));
            case Verdict.Accept _ -> ends.add(new PathEnd(packet.letThrough(), PathEnd.Ending.DECIDED));
            case Verdict.Drop _ -> ends.add(new PathEnd(packet, PathEnd.Ending.DROPPED));
        }
    }

    private static String why(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Jump(var to) -> "on to " + to + ", and back";
            case Verdict.Goto(var to) -> "on to " + to;
            case Verdict.Return _ -> "back";
            case Verdict.Accept _ -> "let through";
            case Verdict.Drop _ -> "dropped";
        };
    }

    private NamedSet set(SetName name) {
        NamedSet set = tracer.table().sets().get(name);
        if (set == null) {
            throw new IllegalArgumentException("set " + name);
        }
        return set;
    }

    private Packet met(Packet packet, String why) {
        return met(packet, tracer.origins().of(chain), why);
    }

    private Packet met(Packet packet, NamedSet set, Element element, String why) {
        return met(packet, tracer.origins().of(set, element), why);
    }

    private Packet met(Packet packet, Origin origin, String why) {
        String comment = rule.comment().isEmpty() ? why : why + " (" + rule.comment() + ")";
        String text = RuleText.write(
                new Rule(rule.statements(), Comment.NONE), tracer.table().family());
        Packet.@Nullable Step last = packet.way();
        TraceStep step = new TraceStep(tracer.place(chain), text, origin, comment);
        return last != null && last.step().equals(step) ? packet : packet.met(step);
    }
}

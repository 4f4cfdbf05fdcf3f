package io.fairlead.nftables.write;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Origin;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.Expression;
import io.fairlead.nft.rule.Expression.Field;
import io.fairlead.nft.rule.Hook;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Operation;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Statement;
import io.fairlead.nft.rule.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Parts of rules and sets that the golden rulesets do not contain. */
final class RareParts {
    private RareParts() {}

    /** Returns a transaction that creates a table with all rare parts. */
    static Transaction transaction(IpFamily family) {
        List<Operation> operations = new ArrayList<>();
        operations.add(new Operation.AddTable(Comment.NONE));
        Chain chain = chain("rare", new Hook(Hook.Type.ROUTE, Hook.Point.OUTPUT, -5, false));
        operations.add(new Operation.AddChain(chain));
        operations.add(new Operation.AddChain(chain("inner", null)));
        NamedSet ranges = set("ranges", new SetType.Ranges());
        NamedSet open = set("open", new SetType.Ranges());
        NamedSet addresses = set("addresses", new SetType.Addresses());
        NamedSet affinity =
                set("remembered", new SetType.Affinity(86_400, SetType.Affinity.Remembers.ADDRESS_AND_PORT));
        Stream.of(ranges, open, addresses, affinity).forEach(set -> operations.add(new Operation.AddSet(set)));
        operations.add(new Operation.AddElements(
                ranges, ranges(family, "10.0.0.0-10.0.0.255", "10.0.2.0-10.0.2.7", "10.0.3.3-10.0.3.3")));
        operations.add(
                new Operation.AddElements(open, ranges(family, "0.0.0.0-9.255.255.255", "224.0.0.0-255.255.255.255")));
        rules(family).forEach(rule -> operations.add(new Operation.AddRule(chain, rule)));
        operations.add(new Operation.DeleteElements(ranges, ranges(family, "10.0.2.0-10.0.2.7")));
        operations.add(new Operation.DeleteElements(open, ranges(family, "224.0.0.0-255.255.255.255")));
        operations.add(new Operation.ChangeTimeout(
                affinity, set("remembered", new SetType.Affinity(7, SetType.Affinity.Remembers.ADDRESS_AND_PORT))));
        operations.add(new Operation.FlushSet(addresses));
        return Transaction.of(family, operations.toArray(Operation[]::new));
    }

    private static Stream<Rule> rules(IpFamily family) {
        List<Statement> conditions = new ArrayList<>();
        for (Field field : List.of(Field.SOURCE_ADDRESS, Field.DESTINATION_ADDRESS)) {
            for (boolean negated : List.of(false, true)) {
                for (String prefixes : List.of(
                        "0.0.0.0/0",
                        "10.0.0.0/12",
                        "10.0.0.0/8",
                        "10.1.2.3/32",
                        "10.0.0.0/8 192.168.0.0/16",
                        "10.0.0.0/8 11.0.0.0/8",
                        "10.0.0.1/32 192.168.0.1/32",
                        "0.0.0.0/9 10.0.0.1/32",
                        "10.0.0.0/12 255.255.0.0/16")) {
                    conditions.add(new Statement.AddressIn(
                            field,
                            negated,
                            Stream.of(prefixes.split(" "))
                                    .map(text -> prefix(family, text))
                                    .toList()));
                }
                conditions.add(new Statement.InSet(field, negated, new SetName("addresses")));
            }
            conditions.add(new Statement.IsLocal(field));
        }
        for (Protocol protocol : Protocol.values()) {
            conditions.add(new Statement.ProtocolIs(List.of(protocol)));
        }
        conditions.add(new Statement.ProtocolIs(List.of(Protocol.TCP, Protocol.SCTP)));
        conditions.add(new Statement.InputInterface(true, new InterfaceName("a23456789012345"), false));
        conditions.add(new Statement.InputInterface(true, new InterfaceName("a2345678901234"), true));
        conditions.add(new Statement.MarkIsUnset(1));
        conditions.add(new Statement.MarkIsUnset(0x8000_0000));
        conditions.add(new Statement.SetMark(0x8000_0001));
        conditions.add(new Statement.FlipMark(0x10));
        Expression client = Field.SOURCE_ADDRESS;
        Stream<Rule> learning = family == IpFamily.IPV6
                ? Stream.of()
                : Stream.of(Rule.of(
                        new Statement.ProtocolIs(List.of(Protocol.UDP)),
                        new Statement.Update(
                                new SetName("remembered"),
                                client,
                                Expression.of(Field.DESTINATION_ADDRESS, Field.UDP_PORT))));
        Stream<Verdict> verdicts = Stream.of(
                new Verdict.Jump(new ChainName("inner")),
                new Verdict.Goto(new ChainName("inner")),
                new Verdict.Return(),
                new Verdict.Accept(),
                new Verdict.Drop());
        return Stream.of(
                        conditions.stream()
                                .map(condition -> Rule.of(condition, new Statement.Decide(new Verdict.Drop()))
                                        .withComment(condition.toString())),
                        verdicts.map(verdict -> Rule.of(new Statement.Decide(verdict))),
                        learning)
                .flatMap(rules -> rules);
    }

    private static List<Element> ranges(IpFamily family, String... texts) {
        return Stream.of(texts)
                .map(text -> text.split("-"))
                .map(ends -> Element.of(new ElementKey.Range(ip(family, ends[0]), last(family, ends[1]))))
                .toList();
    }

    private static Cidr prefix(IpFamily family, String text) {
        Cidr cidr = Cidr.parse(text);
        return family == IpFamily.IPV4
                ? cidr
                : new Cidr(ip(family, cidr.network().text()), cidr.prefixLength() == 32 ? 128 : cidr.prefixLength());
    }

    /** Returns an address of a family whose first bytes are those of an IPv4 address; the other bytes are 0. */
    private static Ip ip(IpFamily family, String text) {
        byte[] bytes = new byte[family.bits() / 8];
        System.arraycopy(Ip.parse(text).bytes(), 0, bytes, 0, 4);
        return Ip.of(bytes);
    }

    /** Returns the last address of a family whose first bytes are those of an IPv4 address. */
    private static Ip last(IpFamily family, String text) {
        return family == IpFamily.IPV4
                ? Ip.parse(text)
                : ElementKey.Range.of(new Cidr(ip(family, text), 32)).last();
    }

    private static NamedSet set(String name, SetType type) {
        return new NamedSet(new SetName(name), type, new Comment("rare"), List.of(), new Origin.Node());
    }

    private static Chain chain(String name, Hook hook) {
        return new Chain(new ChainName(name), hook, new Comment("a comment"), List.of());
    }
}

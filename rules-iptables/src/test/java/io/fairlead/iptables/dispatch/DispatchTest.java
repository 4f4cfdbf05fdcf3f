package io.fairlead.iptables.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Ipv4;
import io.fairlead.core.net.Ipv6;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Comment;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Target;
import io.fairlead.iptables.text.RuleWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DispatchTest {
    private static final Rule LAST = new Rule.Known(
            List.of(new Match.DestinationIsLocal()),
            new Target.Jump(ChainName.NODE_PORTS),
            new Comment("last"),
            new Origin.Node());

    @Test
    void aTreeDividesByDigitsThatDifferAndListsWhatIsFew() {
        Dispatch dispatch = tree(IpFamily.IPV4);
        IntStream.range(0, 12).forEach(i -> dispatch.add(List.of(vip("10.96.0." + (30 + i), 80))));
        dispatch.add(List.of(vip("10.96.7.1", 443), vip("192.0.2.1", 443)));

        assertThat(text(dispatch.chains())).isEqualTo("""
                KUBE-SERVICES
                  -d 10.96.0.0/20 -j KUBE-SVC-T-0A600
                  -m tcp -p tcp -d 192.0.2.1 --dport 443 -j KUBE-SVC-X
                  -m comment --comment last -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
                KUBE-SVC-T-0A600
                  -d 10.96.0.0/24 -j KUBE-SVC-T-0A6000
                  -m tcp -p tcp -d 10.96.7.1 --dport 443 -j KUBE-SVC-X
                KUBE-SVC-T-0A6000
                  -d 10.96.0.16/28 -j KUBE-SVC-T-0A60001
                  -d 10.96.0.32/28 -j KUBE-SVC-T-0A60002
                KUBE-SVC-T-0A60001
                  -m tcp -p tcp -d 10.96.0.30 --dport 80 -j KUBE-SVC-X
                  -m tcp -p tcp -d 10.96.0.31 --dport 80 -j KUBE-SVC-X
                KUBE-SVC-T-0A60002
                  -d 10.96.0.32 --dport 80 and so on
                """.replace(
                        "  -d 10.96.0.32 --dport 80 and so on\n",
                        IntStream.range(32, 42)
                                .mapToObj(i -> "  -m tcp -p tcp -d 10.96.0." + i + " --dport 80 -j KUBE-SVC-X\n")
                                .reduce("", String::concat)));
    }

    @Test
    void manyPortsOfOneAddressAreDividedByProtocolAndPort() {
        Dispatch dispatch = tree(IpFamily.IPV6);
        IntStream.range(0, 20).forEach(i -> dispatch.add(List.of(vip("fd00:1::9", 0x7530 + i))));
        dispatch.add(List.of(listed(new Frontend.Key.Vip(Ip.parse("fd00:1::9"), Protocol.UDP, 53))));

        List<String> jumps = dispatch.chains().stream()
                .flatMap(chain -> chain.rules().stream())
                .filter(rule -> rule.leadsTo() != null && rule.leadsTo().isBranch())
                .map(RuleWriter::rule)
                .map(text -> text.replaceAll(" -j .*", ""))
                .toList();

        assertThat(jumps)
                .containsExactly(
                        "-d fd00:1::9",
                        "-m tcp -p tcp -d fd00:1::9 --dport 29952:30207",
                        "-m tcp -p tcp -d fd00:1::9 --dport 30000:30015",
                        "-m tcp -p tcp -d fd00:1::9 --dport 30016:30031");
    }

    @Test
    void nodePortsAreDividedByRangesOfPorts() {
        Dispatch dispatch = new Dispatch(DispatchChain.NAT_NODE_PORTS, IpFamily.IPV4, Layout.TREE, List.of());
        IntStream.range(0, 10)
                .forEach(i -> dispatch.add(List.of(
                        listed(new Frontend.Key.Node(Protocol.TCP, 30_000 + 100 * i)),
                        listed(new Frontend.Key.Node(Protocol.UDP, 30_000 + i)))));

        assertThat(text(dispatch.chains())).startsWith("""
                        KUBE-NODEPORTS
                          -m tcp -p tcp --dport 28672:32767 -j KUBE-EXT-T-T7
                          -m udp -p udp --dport 30000:30015 -j KUBE-EXT-T-U753
                        KUBE-EXT-T-T7
                        """);
    }

    @ParameterizedTest
    @CsvSource({"128, 1", "129, 2"})
    void unlessItIsForcedARowBecomesATreeWhenItIsLong(int frontends, int chains) {
        Dispatch dispatch = new Dispatch(DispatchChain.FILTER_SERVICES, IpFamily.IPV4, Layout.AUTO, List.of());
        IntStream.range(0, frontends).forEach(i -> dispatch.add(List.of(vip("10.96.0.1", 1 + i))));

        assertThat(dispatch.chains().size() > 1).isEqualTo(chains > 1);
    }

    @Test
    void inARowRulesStandByServicePort() {
        Dispatch dispatch = new Dispatch(DispatchChain.NAT_SERVICES, IpFamily.IPV4, Layout.FLAT, List.of(LAST));
        DispatchEntry second = DispatchEntry.of(key("10.0.0.1"), 0, rule(key("10.0.0.2")));
        DispatchEntry third = DispatchEntry.of(key("10.0.0.9"), 1, rule(key("10.0.0.2")));
        DispatchEntry first = DispatchEntry.of(key("10.0.0.3"), 0, rule(key("10.0.0.1")));
        dispatch.add(List.of(third, second, first));

        assertThat(dispatch.chains())
                .singleElement()
                .extracting(Chain::rules)
                .isEqualTo(List.of(first.rule(), second.rule(), third.rule(), LAST));
    }

    @Test
    void noAddressesMakeATreeDeeperThanTheKernelTakes() {
        Dispatch dispatch = tree(IpFamily.IPV6);
        for (int digit = 0; digit < 32; digit++) {
            for (int other = 1; other < 10; other++) {
                dispatch.add(List.of(
                        vip(Ip.parse("fd00::").text(), 1000 + 10 * digit + other),
                        listed(new Frontend.Key.Vip(withDigit(digit, other), Protocol.TCP, 80))));
            }
        }

        Map<ChainName, Chain> chains = byName(dispatch.chains());
        assertThat(depth(ChainName.SERVICES, chains)).isEqualTo(8);
        assertThat(LinearChain.of(ChainName.SERVICES, name -> chains.get(name).rules()))
                .hasSize(1 + 2 * 32 * 9);
    }

    private static int depth(ChainName name, Map<ChainName, Chain> chains) {
        return chains.get(name).rules().stream()
                .map(Rule::leadsTo)
                .filter(to -> to != null && to.isBranch())
                .mapToInt(to -> 1 + depth(to, chains))
                .max()
                .orElse(0);
    }

    /**
     * Returns the address fd00:: with one hexadecimal digit changed: {@code digit} is XORed into it.
     *
     * @param place the position of the changed digit, 0 to 31
     */
    private static Ip withDigit(int place, int digit) {
        long bits = (long) digit << (60 - 4 * (place % 16));
        return place < 16 ? new Ipv6(0xfd00_0000_0000_0000L ^ bits, 0) : new Ipv6(0xfd00_0000_0000_0000L, bits);
    }

    /**
     * Tests the invariant of the design: after any additions and removals in any order, the chains equal the chains of
     * a new dispatch with the same rules.
     */
    @ParameterizedTest
    @EnumSource
    void followsEveryChangeByTheChainsThatDifferAlone(IpFamily family) {
        Seeds.each(40, seed -> {
            Random random = new Random(seed);
            Layout layout = random.nextBoolean() ? Layout.TREE : new Layout(random.nextInt(40));
            Dispatch followed = new Dispatch(DispatchChain.NAT_SERVICES, family, layout, List.of(LAST));
            Map<Frontend.Key, DispatchEntry> now = new HashMap<>();
            Map<ChainName, Chain> there = byName(followed.chains());
            for (int round = 0; round < 30; round++) {
                List<DispatchEntry> gone = new ArrayList<>();
                List<DispatchEntry> come = new ArrayList<>();
                change(random, family, now, gone, come);
                followed.remove(gone);
                followed.add(come);
                Set<String> paths = new HashSet<>();
                Stream.concat(gone.stream(), come.stream())
                        .map(DispatchEntry::path)
                        .forEach(paths::add);

                Dispatch.Difference difference = followed.since(paths, there);
                assertThat(difference.before())
                        .allSatisfy(chain -> assertThat(there).containsEntry(chain.name(), chain));
                difference.before().forEach(chain -> there.remove(chain.name()));
                difference.after().forEach(chain -> there.put(chain.name(), chain));

                Dispatch fresh = new Dispatch(DispatchChain.NAT_SERVICES, family, layout, List.of(LAST));
                fresh.add(now.values());
                assertThat(new TreeMap<>(there)).isEqualTo(new TreeMap<>(byName(fresh.chains())));
            }
        });
    }

    /**
     * Adds and removes random rules. Most of their addresses are close together, so that branches are divided and
     * joined; some are far away.
     */
    private static void change(
            Random random,
            IpFamily family,
            Map<Frontend.Key, DispatchEntry> now,
            List<DispatchEntry> gone,
            List<DispatchEntry> come) {
        int many = random.nextInt(5) == 0 ? 25 : 3;
        for (int i = random.nextInt(many); i >= 0; i--) {
            Frontend.Key key = random(random, family);
            DispatchEntry old = now.remove(key);
            if (old == null) {
                now.put(key, listed(key));
                come.add(now.get(key));
            } else if (!come.remove(old)) {
                gone.add(old);
            }
        }
        if (random.nextInt(6) == 0) {
            now.values().stream().filter(old -> !come.contains(old)).forEach(gone::add);
            now.values().removeIf(old -> !come.contains(old));
        }
    }

    private static Frontend.Key random(Random random, IpFamily family) {
        Protocol protocol = random.nextInt(4) == 0 ? Protocol.UDP : Protocol.TCP;
        if (random.nextInt(10) == 0) {
            return new Frontend.Key.Node(protocol, 30_000 + random.nextInt(40));
        }
        int low = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(48);
        if (family == IpFamily.IPV4) {
            return new Frontend.Key.Vip(new Ipv4(0x0a600000 ^ low), protocol, 80 + random.nextInt(2));
        }
        return random.nextInt(3) == 0
                ? new Frontend.Key.Vip(withDigit(random.nextInt(32), random.nextInt(16)), protocol, 80)
                : new Frontend.Key.Vip(
                        new Ipv6(0xfd00_0010_0096_0000L, low & 0xffffffffL), protocol, 80 + random.nextInt(2));
    }

    @ParameterizedTest
    @CsvSource({"1000, 29", "10000, 14", "100000, 30"})
    void aPacketMeetsTensOfRulesHoweverManyThereAre(int frontends, int onTheWayToTheLast) {
        Dispatch inOrder = tree(IpFamily.IPV4);
        Dispatch atRandom = tree(IpFamily.IPV4);
        Random random = new Random(frontends);
        DispatchEntry last = null;
        for (int i = 0; i < frontends; i++) {
            last = listed(new Frontend.Key.Vip(new Ipv4(0x0a600001 + i), Protocol.TCP, 80));
            inOrder.add(List.of(last));
            atRandom.add(List.of(
                    listed(new Frontend.Key.Vip(new Ipv4(0x0a600000 | random.nextInt(1 << 20)), Protocol.TCP, 80))));
        }

        assertThat(rulesMetOnTheWayTo(last, byName(inOrder.chains()))).isEqualTo(onTheWayToTheLast);
        assertThat(longest(ChainName.SERVICES, byName(inOrder.chains()))).isLessThanOrEqualTo(90);
        assertThat(longest(ChainName.SERVICES, byName(atRandom.chains()))).isLessThanOrEqualTo(90);
    }

    private static int longest(ChainName name, Map<ChainName, Chain> chains) {
        List<Rule> rules = chains.get(name).rules();
        return rules.size()
                + rules.stream()
                        .map(Rule::leadsTo)
                        .filter(to -> to != null && to.isBranch())
                        .mapToInt(to -> longest(to, chains))
                        .max()
                        .orElse(0);
    }

    private static int rulesMetOnTheWayTo(DispatchEntry wanted, Map<ChainName, Chain> chains) {
        int met = 0;
        ChainName at = ChainName.SERVICES;
        while (true) {
            ChainName next = null;
            for (Rule rule : chains.get(at).rules()) {
                met++;
                if (rule.equals(wanted.rule())) {
                    return met;
                }
                ChainName to = rule.leadsTo();
                if (to != null
                        && to.isBranch()
                        && wanted.path().startsWith(to.text().substring("KUBE-SVC-T-".length()))) {
                    next = to;
                    break;
                }
            }
            assertThat(next).as("way to " + wanted).isNotNull();
            at = next;
        }
    }

    @Test
    void aRuleThatIsNotThereCannotGo() {
        Dispatch dispatch = tree(IpFamily.IPV4);
        dispatch.add(List.of(vip("10.0.0.1", 80)));

        assertThatThrownBy(() -> dispatch.remove(List.of(vip("10.0.0.2", 80))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Map<ChainName, Chain> byName(List<Chain> chains) {
        Map<ChainName, Chain> byName = new HashMap<>();
        chains.forEach(chain -> assertThat(byName.put(chain.name(), chain)).isNull());
        return byName;
    }

    private static Frontend.Key key(String ip) {
        return new Frontend.Key.Vip(Ip.parse(ip), Protocol.TCP, 80);
    }

    private static Dispatch tree(IpFamily family) {
        return new Dispatch(DispatchChain.NAT_SERVICES, family, Layout.TREE, List.of(LAST));
    }

    private static DispatchEntry vip(String ip, int port) {
        return listed(new Frontend.Key.Vip(Ip.parse(ip), Protocol.TCP, port));
    }

    private static DispatchEntry listed(Frontend.Key key) {
        return DispatchEntry.of(key, 0, rule(key));
    }

    private static Rule rule(Frontend.Key key) {
        List<Match> matches =
                new ArrayList<>(List.of(new Match.IsProtocol(key.protocol()), new Match.DestinationPort(key.port())));
        if (key instanceof Frontend.Key.Vip vip) {
            matches.add(new Match.Destination(Cidr.ofHost(vip.ip()), false));
        }
        return new Rule.Known(
                matches,
                new Target.Jump(new ChainName("KUBE-SVC-X")),
                Comment.NONE,
                new Origin.Port(new ServicePortName(new ServiceName("default", "x"), key.text(), key.protocol())));
    }

    private static String text(List<Chain> chains) {
        StringBuilder text = new StringBuilder();
        for (Chain chain : chains) {
            text.append(chain.name()).append('\n');
            chain.rules()
                    .forEach(rule ->
                            text.append("  ").append(RuleWriter.rule(rule)).append('\n'));
        }
        return text.toString();
    }
}

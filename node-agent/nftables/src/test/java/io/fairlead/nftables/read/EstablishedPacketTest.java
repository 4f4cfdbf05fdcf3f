package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Plan;
import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.linux.netlink.Netlink;
import io.fairlead.nft.fixture.Plans;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.render.Renderer;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.Hook;
import io.fairlead.nft.rule.Hook.Point;
import io.fairlead.nft.rule.Operation;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.Statement;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Counts what a packet of an established connection meets: the base chains on its path, and the expressions that the
 * kernel evaluates in each. The kernel evaluates no base chain of type nat for such a packet, so its count is 0.
 * Expressions are counted in the messages to the kernel.
 */
class EstablishedPacketTest {
    private static final List<Point> FORWARDED = List.of(Point.PREROUTING, Point.FORWARD, Point.POSTROUTING);
    private static final List<Point> TO_THE_NODE = List.of(Point.PREROUTING, Point.INPUT);
    private static final List<Point> FROM_THE_NODE = List.of(Point.OUTPUT, Point.POSTROUTING);

    /** A base chain on the path of a packet, with the number of expressions that the kernel evaluates in it. */
    private record Met(String chain, int expressions) {
        @Override
        public String toString() {
            return chain + " " + expressions;
        }
    }

    @ParameterizedTest
    @EnumSource
    void inTheUsualClusterItMeetsThreeChainsAndThreeExpressions(IpFamily family) {
        Plan plan = scenario("cluster-ip");

        assertThat(met(plan, family, FORWARDED)).hasToString("[nat-prerouting 0, filter-forward 3, nat-postrouting 0]");
        assertThat(met(plan, family, TO_THE_NODE)).hasToString("[nat-prerouting 0]");
        assertThat(met(plan, family, FROM_THE_NODE)).hasToString("[nat-output 0, filter-output 3, nat-postrouting 0]");
    }

    @Test
    void withSourceRangesItMeetsOneComparisonMore() {
        Plan plan = scenario("load-balancer-ranges");

        assertThat(met(plan, IpFamily.IPV4, FORWARDED))
                .hasToString("[filter-prerouting-pre-dnat 3, nat-prerouting 0, filter-forward 3, nat-postrouting 0]");
        assertThat(met(plan, IpFamily.IPV4, FROM_THE_NODE))
                .hasToString("[filter-output-pre-dnat 3, nat-output 0, filter-output 3, nat-postrouting 0]");
    }

    @Test
    void withAffinityOrWithoutEndpointsItMeetsOneComparisonMoreIfItIsForTheNode() {
        assertThat(met(scenario("affinity"), IpFamily.IPV4, TO_THE_NODE))
                .hasToString("[nat-prerouting 0, filter-input 3]");
        assertThat(met(scenario("no-endpoints"), IpFamily.IPV4, TO_THE_NODE)).hasToString("[filter-input 3]");
        assertThat(met(scenario("no-endpoints"), IpFamily.IPV4, FORWARDED)).hasToString("[filter-forward 3]");
    }

    static List<String> scenarios() {
        return List.copyOf(Plans.scenarios().keySet());
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void noFeatureMakesMoreThanSixExpressions(String name) {
        for (IpFamily family : IpFamily.values()) {
            for (List<Point> path : List.of(FORWARDED, TO_THE_NODE, FROM_THE_NODE)) {
                List<Met> met = met(scenario(name), family, path);

                assertThat(met.stream().mapToInt(Met::expressions).sum())
                        .as("%s %s %s", name, family, met)
                        .isLessThanOrEqualTo(6);
                assertThat(met).hasSizeLessThanOrEqualTo(4);
            }
        }
    }

    private static Plan scenario(String name) {
        return Objects.requireNonNull(Plans.scenarios().get(name));
    }

    private static List<Met> met(Plan plan, IpFamily family, List<Point> path) {
        TreeMap<Integer, List<Chain>> chains = new TreeMap<>();
        List<Met> met = new ArrayList<>();
        for (Chain chain : Renderer.table(plan, family).chains().values()) {
            if (chain.hook() != null && path.contains(chain.hook().point())) {
                chains.computeIfAbsent(path.indexOf(chain.hook().point()), _ -> new ArrayList<>())
                        .add(chain);
            }
        }
        for (List<Chain> there : chains.values()) {
            there.stream()
                    .sorted(Comparator.comparingInt(
                            chain -> Objects.requireNonNull(chain.hook()).priority()))
                    .forEach(chain -> met.add(new Met(chain.name().text(), expressions(chain, family))));
        }
        return met;
    }

    private static int expressions(Chain base, IpFamily family) {
        if (Objects.requireNonNull(base.hook()).type() == Hook.Type.NAT) {
            return 0;
        }
        int expressions = 0;
        for (Rule rule : base.rules()) {
            assertThat(rule.statements().getFirst()).as("%s", rule).isEqualTo(new Statement.NewConnection());
            // The statement does not match, and the kernel evaluates nothing else of the rule.
            expressions += expressions(Rule.of(rule.statements().getFirst()), base, family);
        }
        return expressions;
    }

    /** Returns the number of expressions in the message that adds the rule. */
    private static int expressions(Rule rule, Chain chain, IpFamily family) {
        byte[] messages = WrittenTable.dump(Transaction.of(family, new Operation.AddRule(chain.declaration(), rule)));
        MessageReader reader = new MessageReader(ByteBuffer.wrap(messages));
        int expressions = 0;
        while (reader.next()) {
            if (reader.type() == Netlink.type(Netlink.NF_TABLES, NFT_MSG_NEWRULE)) {
                Attributes attributes = reader.netfilterAttributes();
                while (attributes.next()) {
                    expressions += attributes.type() == NFTA_RULE_EXPRESSIONS ? count(attributes.nested()) : 0;
                }
            }
        }
        return expressions;
    }

    private static int count(Attributes list) {
        int count = 0;
        while (list.next()) {
            count++;
        }
        return count;
    }
}

package io.fairlead.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.fixture.Shrinker;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.verify.Verification;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.TableText;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RandomClustersTest {
    private final Backend<NftRuleset, NftChange> backend = new NftKernel(new NoKernel()).backend();

    @Test
    void tracesOfRenderedRulesAgreeWithTheModel() {
        Seeds.each(250, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.NFTABLES);
            NftRuleset rules = backend.layout().render(cluster.plan());
            FlowModel model = new FlowModel(cluster.plan(), cluster.host());
            for (Flow flow : cluster.flows(20)) {
                Trace trace = rules.tracer(cluster.host()).trace(flow);
                assertThat(trace.outcome())
                        .as(() -> trace + "\n" + Shrinker.report(cluster, flow, smaller -> !agree(smaller, flow)))
                        .isEqualTo(model.outcome(flow));
                assertThat(trace.paths().stream().mapToDouble(TracePath::share).sum())
                        .as("%s", flow)
                        .isCloseTo(1.0, within(1e-9));
            }
        });
    }

    private boolean agree(RandomCluster cluster, Flow flow) {
        NftRuleset rules = backend.layout().render(cluster.plan());
        return rules.tracer(cluster.host())
                .trace(flow)
                .outcome()
                .equals(new FlowModel(cluster.plan(), cluster.host()).outcome(flow));
    }

    @Test
    void renderedRulesVerify() {
        Seeds.each(100, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.NFTABLES);
            NftRuleset rules = backend.layout().render(cluster.plan());
            assertThat(Verification.of(
                                    cluster.plan(), cluster.host(), rules.tracer(cluster.host()), _ -> true, () -> {})
                            .findings())
                    .isEmpty();
        });
    }

    @Test
    void everyEndpointGetsItsShare() {
        int[] split = {0};
        Seeds.each(100, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.NFTABLES);
            NftRuleset rules = backend.layout().render(cluster.plan());
            FlowModel model = new FlowModel(cluster.plan(), cluster.host());
            for (Flow flow : cluster.flows(20)) {
                Map<IpPort, Double> shares =
                        rules.tracer(cluster.host()).trace(flow).shares();
                assertThat(shares.keySet()).isEqualTo(model.shares(flow).keySet());
                model.shares(flow).forEach((endpoint, share) -> {
                    assertThat(shares.get(endpoint)).as("%s", flow).isCloseTo(share, within(1e-9));
                    split[0] += Math.abs(share * shares.size() - 1) > 0.01 ? 1 : 0;
                });
            }
        });
        assertThat(split[0]).as("uneven shares").isPositive();
    }

    @Test
    void whatIsWrittenIsRead() {
        Seeds.each(200, seed -> {
            NftRuleset rules = backend.layout()
                    .render(RandomCluster.of(seed, ProxyMode.NFTABLES).plan());
            for (IpFamily family : IpFamily.values()) {
                Table table = rules.tables().get(family);
                assertThat(TableText.parse(TableText.write(table))).isEqualTo(table);
            }
        });
    }

    @Test
    void equalRulesDifferInNothing() {
        Seeds.each(50, seed -> {
            NftRuleset rules = backend.layout()
                    .render(RandomCluster.of(seed, ProxyMode.NFTABLES).plan());
            assertThat(backend.layout().diff(rules, rules).isEmpty()).isTrue();
            assertThat(backend.layout().diff(rules, rules).text()).isEmpty();
        });
    }
}

package io.fairlead.agent.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.iptables.IptablesBackend;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.render.EndpointLayout;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class IptablesFrontendsTest {

    @Test
    void frontendsLeadToTheSameInEveryLayout() {
        int[] found = {0};
        Seeds.each(60, seed -> {
            Plan plan = RandomCluster.of(seed, ProxyMode.IPTABLES).plan();
            SortedMap<FrontendId, Reached> row = frontends(plan, Layout.FLAT);

            assertThat(frontends(plan, Layout.TREE)).isEqualTo(row);
            assertThat(frontends(plan, IptablesOptions.defaults().with(EndpointLayout.COMPACT)))
                    .isEqualTo(row);
            found[0] += row.size();
        });
        assertThat(found[0]).isGreaterThan(300);
    }

    private static SortedMap<FrontendId, Reached> frontends(Plan plan, Layout layout) {
        return frontends(plan, IptablesOptions.defaults().with(layout));
    }

    private static SortedMap<FrontendId, Reached> frontends(Plan plan, IptablesOptions options) {
        IptablesBackend backend = new IptablesBackend(
                command -> {
                    throw new AssertionError("a pure function ran " + command.text());
                },
                options);
        return IptablesFrontends.of(backend.render(plan));
    }
}

package io.fairlead.explain.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import org.junit.jupiter.api.Test;

final class RoutingRuleTest {

    private static RoutingRule rule(boolean negated, String other) {
        return new RoutingRule(IpFamily.IPV4, 100, negated, null, null, 0, 0, null, null, other, "main", "lookup", -1);
    }

    @Test
    void aRuleWithAnyConditionIsNotOrdinary() {
        assertThat(rule(false, "").isOrdinary()).isTrue();
        assertThat(rule(true, "").isOrdinary()).isFalse();
        assertThat(rule(false, " dport 443").isOrdinary()).isFalse();
    }
}

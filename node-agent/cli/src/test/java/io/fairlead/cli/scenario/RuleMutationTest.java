package io.fairlead.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.trace.Tracer;
import io.fairlead.core.trace.UnknownRuleException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Checks that the flows of the scenarios detect missing rules. Each rule, jump and element of each scenario is removed
 * once. For each kind of rule, at least one flow must have another outcome after at least one removal. The kinds of
 * rules for which this is impossible with the first packet of a connection are listed with the reason. The list must be
 * exact.
 */
class RuleMutationTest {
    private static final Path SCENARIOS = Path.of("src/test/resources/scenarios");

    /** The patterns of the kinds that cannot be detected, with the reasons. Each pattern must match a kind. */
    private static final Map<ProxyMode, Map<String, String>> NOT_MISSED = Map.of(
            ProxyMode.IPTABLES,
            Map.of(
                    ".* filter FORWARD: -> KUBE-FORWARD", "lets through what a FORWARD policy would drop",
                    ".* filter KUBE-FORWARD: (Mark|Tracked) -> Accept", "lets through what a FORWARD policy would drop",
                    ".* filter KUBE-FORWARD: Tracked -> Drop", "invalid packets are no first packets",
                    ".* filter (INPUT|OUTPUT): -> KUBE-FIREWALL", "martian packets: FlowModelTest",
                    ".* filter KUBE-FIREWALL: .* -> Drop", "martian packets: FlowModelTest",
                    ".* filter INPUT: Tracked -> KUBE-PROXY-FIREWALL",
                            "ranges on the node's own address: RandomClustersTest",
                    ".* nat KUBE-FW-\\*: -> Nothing", "does nothing but count",
                    ".* nat KUBE-POSTROUTING: -> XorMark", "removes a mark that no later rule reads",
                    ".* nat KUBE-SV[CL]-\\*: RecentCheck -> KUBE-SEP-\\*",
                            "clients that were here before: AffinityKernelTest"),
            ProxyMode.NFTABLES,
            Map.of(
                    ".* chain (input|forward)-check: DestinationTranslated Jump.chain=learn.",
                            "clients that were here before: AffinityKernelTest",
                    ".* chain learn(-\\S+)?: .*", "clients that were here before: AffinityKernelTest",
                    ".* set (np-)?sticky", "clients that were here before: AffinityKernelTest",
                    ".* chain masquerading: FlipMark", "removes a mark that no later rule reads",
                    ".* chain (np-)?pick-\\*: Goto.*", "a pool that shrinks at that moment: ShrinkTest"));

    /** The number of removed rules of one kind, and the number of these removals that a flow detected. */
    private static final class Count {
        private int taken;
        private int missed;

        void add(boolean isMissed) {
            taken++;
            missed += isMissed ? 1 : 0;
        }
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void aFlowFindsTheRemovalOfEachKindOfRule(ProxyMode mode) {
        SortedMap<String, Count> kinds = new TreeMap<>();
        Count all = new Count();
        for (Scenario scenario : Scenario.all(SCENARIOS)) {
            List<Scenario.Row> rows = scenario.rows(mode);
            TreeSet<IpFamily> families =
                    rows.stream().map(row -> row.flow().from().family()).collect(Collectors.toCollection(TreeSet::new));
            Mutations.of(ScenarioTest.render(scenario, mode), families).forEach(mutant -> {
                boolean missed = isMissed(mutant.rules().tracer(scenario.host()), rows);
                kinds.computeIfAbsent(mutant.lacks(), _ -> new Count()).add(missed);
                all.add(missed);
            });
        }
        List<String> notMissed = kinds.entrySet().stream()
                .filter(kind -> kind.getValue().missed == 0)
                .map(Map.Entry::getKey)
                .toList();
        Map<String, String> expected = Objects.requireNonNull(NOT_MISSED.get(mode));
        assertThat(notMissed)
                .as("kinds of rules that no flow misses")
                .allMatch(kind -> expected.keySet().stream().anyMatch(kind::matches));
        assertThat(expected.keySet())
                .as("listed, and missed after all")
                .allMatch(pattern -> notMissed.stream().anyMatch(kind -> kind.matches(pattern)));
        System.out.printf(
                "rules taken away, %s: of %d kinds flows miss %d; of %d rules %d%n",
                mode.text(), kinds.size(), kinds.size() - notMissed.size(), all.taken, all.missed);
    }

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void theFlowsOfEachScenarioFindRemovedRules(ProxyMode mode) {
        for (Scenario scenario : Scenario.all(SCENARIOS)) {
            List<Scenario.Row> rows = scenario.rows(mode);
            boolean passes = rows.stream().allMatch(row -> row.expected().equals("pass"));
            assertThat(Mutations.of(ScenarioTest.render(scenario, mode), List.of(IpFamily.values()))
                            .anyMatch(mutant -> isMissed(mutant.rules().tracer(scenario.host()), rows)))
                    .as("%s has rules that its packets need", scenario)
                    .isEqualTo(!passes);
        }
    }

    private static boolean isMissed(Tracer tracer, List<Scenario.Row> rows) {
        for (Scenario.Row row : rows) {
            try {
                if (!Scenario.text(tracer.trace(row.flow()).outcome()).equals(row.expected())) {
                    return true;
                }
            } catch (UnknownRuleException | IllegalStateException e) {
                return true;
            }
        }
        return false;
    }
}

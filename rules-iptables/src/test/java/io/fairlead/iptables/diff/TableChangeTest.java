package io.fairlead.iptables.diff;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Edit;
import io.fairlead.iptables.IptablesChange;
import io.fairlead.iptables.IptablesKernel;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.iptables.IptablesRuleset;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.JumpRules;
import io.fairlead.iptables.rule.Operation;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.iptables.text.RuleWriter;
import io.fairlead.iptables.text.SaveReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Tests that all views of a change agree, because all of them are computed from one list of operations. */
class TableChangeTest {
    @Test
    void leadsToTheDesiredRules() {
        forRandomChanges((before, after, change) -> assertThat(
                        TableDiff.between(IpFamily.IPV4, change.after(), after).operations())
                .isEmpty());
    }

    @Test
    void growsByTheRulesThatItAddsAndDeletes() {
        forRandomChanges((before, after, change) -> {
            assertThat(change.growth()).isEqualTo(rules(change.after()) - rules(before));
            assertThat(change.growth()).isEqualTo(net(change.edits()));
            assertThat(change.growthInEntries().orElseThrow())
                    .isEqualTo(change.growth()
                            + 2
                                    * (change.after().chains().size()
                                            - before.chains().size()));
        });
    }

    @Test
    void writesAsManyRulesAsItSays() {
        forRandomChanges((before, after, change) -> assertThat(change.lines()
                        .filter(line ->
                                line.text().startsWith("-A ") || line.text().startsWith("-I "))
                        .count())
                .isEqualTo(change.written()));
    }

    @Test
    void isTakenBackByItsInverse() {
        forRandomChanges((before, after, change) -> assertThat(
                        TableDiff.between(IpFamily.IPV4, change.inverse().after(), before)
                                .operations())
                .isEmpty());
    }

    @Test
    void leadsToTheSameRulesInParts() {
        forRandomChanges((before, after, change) -> {
            List<TableChange> parts = change.parts(2);
            assertThat(parts.getLast().after()).isEqualTo(change.after());
            assertThat(parts).allSatisfy(part -> assertThat(part.newChains()).isLessThanOrEqualTo(2));
        });
    }

    @Test
    void itsPartForSomeOriginsChangesTheirRulesAndNoOthers() {
        forRandomChanges((before, after, change) -> {
            Set<Origin> some = new HashSet<>();
            change.origins().stream()
                    .filter(origin -> origin.text().hashCode() % 2 == 0)
                    .forEach(some::add);
            TableRules part = change.only(some).after();
            for (Origin origin : change.origins()) {
                if (origin instanceof Origin.Port) {
                    assertThat(rulesOf(origin, part))
                            .as("%s, chosen: %s", origin, some)
                            .isEqualTo(rulesOf(origin, some.contains(origin) ? after : before));
                }
            }
        });
    }

    @Test
    void jumpsThatOnlyMoveAreShownAsMoved() {
        List<Rule> wanted = JumpRules.written(Table.FILTER, BuiltInChain.FORWARD);
        TableChange change = between(forward(wanted.reversed()), forward(wanted));
        assertThat(change.growth()).isZero();
        assertThat(change.after().jumps(BuiltInChain.FORWARD)).isEqualTo(wanted);
        assertThat(change.edits()).hasSize(2 * (wanted.size() - 1));
    }

    @Test
    void whatItAddsDoesNotDependOnWhatItTakesAway() {
        forRandomChanges((before, after, change) -> {
            TableChange additive = change.additive();
            assertThat(additive.operations())
                    .noneMatch(operation ->
                            operation instanceof Operation.DeleteChain || operation instanceof Operation.DeleteJump);
            List<TableChange> removals = change.removals();
            if (!removals.isEmpty()) {
                TableChange joined = TableChange.joined(removals);
                assertThat(between(additive.after(), after).operations())
                        .containsExactlyInAnyOrderElementsOf(joined.operations());
                assertThat(change.less(removals).after().chains().keySet())
                        .isEqualTo(additive.after().chains().keySet());
            }
        });
    }

    @Test
    void neverDeletesWhatTheKubeletUses() {
        FamilyRules kubelets = SaveReader.read(
                IpFamily.IPV4,
                "*filter\n:KUBE-FIREWALL - [0:0]\n-A INPUT -j KUBE-FIREWALL\n-A OUTPUT -j KUBE-FIREWALL\nCOMMIT\n");
        TableRules filter = kubelets.table(Table.FILTER);
        assertThat(filter.chains()).hasSize(1);
        assertThat(TableDiff.between(IpFamily.IPV4, filter, TableRules.empty(Table.FILTER))
                        .isEmpty())
                .isTrue();
    }

    private interface Check {
        void that(TableRules before, TableRules after, TableChange change);
    }

    private static void forRandomChanges(Check check) {
        for (long seed = 1; seed <= 12; seed++) {
            for (Layout layout : List.of(Layout.AUTO, Layout.TREE)) {
                Backend<IptablesRuleset, IptablesChange> backend = backend(layout);
                RandomCluster cluster = RandomCluster.of(seed, ProxyMode.IPTABLES);
                FamilyRules before = rules(backend, cluster);
                FamilyRules after = rules(backend, cluster.mutated(seed));
                Consumer<Table> table = each -> check.that(
                        before.table(each), after.table(each), between(before.table(each), after.table(each)));
                table.accept(Table.FILTER);
                table.accept(Table.NAT);
                check.that(
                        TableRules.empty(Table.NAT),
                        after.table(Table.NAT),
                        between(TableRules.empty(Table.NAT), after.table(Table.NAT)));
            }
        }
    }

    private static FamilyRules rules(Backend<IptablesRuleset, IptablesChange> backend, RandomCluster cluster) {
        return Objects.requireNonNull(
                backend.layout().render(cluster.plan()).families().get(IpFamily.IPV4));
    }

    private static TableChange between(TableRules before, TableRules after) {
        return TableDiff.between(IpFamily.IPV4, before, after);
    }

    private static Backend<IptablesRuleset, IptablesChange> backend(Layout layout) {
        return new IptablesKernel(
                        command -> {
                            throw new AssertionError("a pure function ran " + command.text());
                        },
                        IptablesOptions.defaults().with(layout))
                .backend();
    }

    private static TableRules forward(List<Rule> jumps) {
        return TableRules.of(Table.FILTER, List.of(), Map.of(BuiltInChain.FORWARD, jumps));
    }

    private static List<String> rulesOf(Origin origin, TableRules table) {
        return table.chains().values().stream()
                .flatMap(chain -> chain.rules().stream())
                .filter(rule -> rule.origin().equals(origin))
                .map(RuleWriter::rule)
                .sorted()
                .toList();
    }

    private static int rules(TableRules table) {
        Collection<Integer> sizes = new ArrayList<>();
        table.chains().values().forEach(chain -> sizes.add(chain.rules().size()));
        table.jumps().values().forEach(rules -> sizes.add(rules.size()));
        return sizes.stream().mapToInt(Integer::intValue).sum();
    }

    private static int net(List<Edit> edits) {
        return edits.stream()
                .filter(edit -> !edit.text().startsWith("chain "))
                .mapToInt(edit -> edit.sign() == Edit.Sign.ADD ? 1 : -1)
                .sum();
    }
}

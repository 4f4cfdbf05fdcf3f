package io.fairlead.iptables.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.diff.TableDiff;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Comment;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.iptables.rule.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultSearchTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64, 1000})
    void findsAnyOneOfNInAboutTwiceTheLogarithmAndGoesBack(int n) {
        TableChange change = TableDiff.between(IpFamily.IPV4, TableRules.empty(Table.NAT), services(n));
        for (int bad = 0; bad < n; bad += 1 + n / 37) {
            List<TableChange> tried = new ArrayList<>();
            ChainName chain = ChainName.Kind.CLUSTER.of(port(bad));
            FaultSearch.Found found = new FaultSearch(part -> {
                        tried.add(part);
                        return !part.after().chains().containsKey(chain);
                    })
                    .in(change);
            assertThat(found.culprit()).contains(new Origin.Port(port(bad)));
            assertThat(found.restored()).isTrue();
            assertThat(tried.size()).isLessThanOrEqualTo((int) Math.ceil(2 * Math.log(n) / Math.log(2)) + 1);
            tried.stream()
                    .skip(Math.max(0, tried.size() - 1))
                    .filter(part -> !part.after().equals(change.before()))
                    .forEach(last -> assertThat(last.after().chains()).containsKey(chain));
        }
    }

    /** In this test, the kernel refuses every change of the table. */
    @Test
    void blamesNobodyIfEachPartIsRefused() {
        TableChange change = TableDiff.between(IpFamily.IPV4, TableRules.empty(Table.NAT), services(8));
        FaultSearch.Found found = new FaultSearch(_ -> false).in(change);
        assertThat(found.culprit()).isEmpty();
        assertThat(found.restored()).isTrue();
    }

    private static TableRules services(int n) {
        List<Chain> chains = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            Origin origin = new Origin.Port(port(i));
            Rule rule = new Rule.Known(List.of(), new Target.Accept(), Comment.NONE, origin);
            chains.add(new Chain(ChainName.Kind.CLUSTER.of(port(i)), List.of(rule), origin));
        }
        return TableRules.of(Table.NAT, chains, Map.of());
    }

    private static ServicePortName port(int i) {
        return new ServicePortName(new ServiceName("default", "svc-" + i), "", Protocol.TCP);
    }
}

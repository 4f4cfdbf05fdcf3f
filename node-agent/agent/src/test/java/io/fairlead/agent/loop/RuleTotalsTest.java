package io.fairlead.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cluster.objects.ClusterReader;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.iptables.IptablesChange;
import io.fairlead.iptables.IptablesKernel;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.iptables.IptablesRuleset;
import io.fairlead.linux.process.ProcessResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests statement MET-2 of docs/behaviour.md. */
final class RuleTotalsTest {
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: %1$s}
            spec: {clusterIP: %2$s, ports: [{name: http, port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: %1$s-1, labels: {kubernetes.io/service-name: %1$s}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints: [{addresses: [10.244.1.5]}]
            ---
            """;

    private final Backend<IptablesRuleset, IptablesChange> backend =
            new IptablesKernel(_ -> new ProcessResult(0, "", ""), IptablesOptions.defaults()).backend();
    private final Map<String, Long> totals = new TreeMap<>();
    private final Map<String, Long> written = new TreeMap<>();
    private final RuleTotals counts = new RuleTotals();

    private void sink() {
        for (RoundResult.RuleTotal total : counts.tables()) {
            totals.put(total.family() + " " + total.table(), total.rules());
            written.put(total.family() + " " + total.table(), total.written());
        }
    }

    private static Plan plan(String objects) throws IOException {
        var input = new ClusterReader(false, false, new ByteArrayInputStream(objects.getBytes(StandardCharsets.UTF_8)))
                .read(List.of("-"));
        return Planner.plan(input.state(), NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"));
    }

    /** Returns the number of rules for one IP family and table in the text of a rule set. */
    private static long rules(IptablesRuleset ruleset, IpFamily family, String table) {
        String text = ruleset.text();
        int six = text.indexOf("# ip6tables");
        String ofFamily = family == IpFamily.IPV4 ? text.substring(0, six) : text.substring(six);
        String ofTable = ofFamily.substring(ofFamily.indexOf("*" + table));
        return ofTable.substring(0, ofTable.indexOf("COMMIT"))
                .lines()
                .filter(line -> line.startsWith("-A ") || line.startsWith("-I "))
                .count();
    }

    private IptablesRuleset change(IptablesRuleset from, String objects) throws IOException {
        IptablesRuleset to = backend.layout().render(plan(objects));
        IptablesChange change = backend.layout().diff(from, to);
        counts.applied(change.growth());
        sink();
        return backend.layout().after(from, change);
    }

    @Test
    void totalsAreRightAfterEachWrite() throws IOException {
        IptablesRuleset nothing = backend.kernel().read();
        counts.read(nothing.counts());
        sink();
        assertThat(totals).containsEntry("IPv4 nat", 0L).containsEntry("IPv6 filter", 0L);

        IptablesRuleset one = change(nothing, SERVICE.formatted("a", "10.96.0.1"));
        assertThat(totals.get("IPv4 nat")).isEqualTo(rules(one, IpFamily.IPV4, "nat"));
        assertThat(totals.get("IPv4 filter")).isEqualTo(rules(one, IpFamily.IPV4, "filter"));
        assertThat(written.get("IPv4 nat")).as("everything is new").isEqualTo(totals.get("IPv4 nat"));

        IptablesRuleset two = change(one, SERVICE.formatted("a", "10.96.0.1") + SERVICE.formatted("b", "10.96.0.2"));
        assertThat(totals.get("IPv4 nat")).isEqualTo(rules(two, IpFamily.IPV4, "nat"));
        assertThat(written.get("IPv4 nat"))
                .as("only what had to be written")
                .isPositive()
                .isLessThan(totals.get("IPv4 nat"));

        IptablesRuleset again = change(two, SERVICE.formatted("a", "10.96.0.1"));
        assertThat(totals.get("IPv4 nat")).isEqualTo(rules(again, IpFamily.IPV4, "nat"));
        assertThat(totals.get("IPv4 nat")).isEqualTo(rules(one, IpFamily.IPV4, "nat"));
    }

    /**
     * Tests a round in which one Service gets endpoints and another Service loses its endpoints. In such a round, the
     * table filter is written twice: before and after the table nat.
     */
    @Test
    void countsBothWritesOfATableInOneRound() throws IOException {
        String a = SERVICE.formatted("a", "10.96.0.1");
        String b = SERVICE.formatted("b", "10.96.0.2");
        IptablesRuleset nothing = backend.kernel().read();
        counts.read(nothing.counts());
        IptablesRuleset before = change(nothing, a + withoutEndpoints(b));
        IptablesRuleset after = backend.layout().render(plan(withoutEndpoints(a) + b));
        IptablesChange change = backend.layout().diff(before, after);
        assertThat(change.transactions())
                .extracting(it -> it.table().text())
                .containsExactly("filter", "nat", "filter");

        counts.applied(change.growth());
        sink();

        assertThat(written).containsEntry("IPv4 filter", 3L).containsEntry("IPv6 filter", 0L);
        assertThat(totals.get("IPv4 filter")).isEqualTo(rules(after, IpFamily.IPV4, "filter"));
    }

    private static String withoutEndpoints(String objects) {
        return objects.replace("endpoints: [{addresses: [10.244.1.5]}]", "endpoints: []");
    }

    @Test
    void countsTheRulesThatAreRead() throws IOException {
        IptablesRuleset rules = backend.layout().render(plan(SERVICE.formatted("a", "10.96.0.1")));

        counts.read(rules.counts());
        sink();

        assertThat(totals.get("IPv4 nat")).isEqualTo(rules(rules, IpFamily.IPV4, "nat"));
        assertThat(totals.get("IPv6 nat")).isEqualTo(rules(rules, IpFamily.IPV6, "nat"));
        assertThat(totals).doesNotContainKey("IPv4 mangle");
    }
}

package io.fairlead.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.logging.CapturedLog;
import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.fixture.ClusterObjects;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.time.ManualTime;
import io.fairlead.nft.NftChange;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.NftRuleset;
import io.fairlead.nft.kernel.NftProgram;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the rounds of a dry run. The kernel has rules for other objects than the objects of the dry run. */
final class ComparingRoundsTest {
    private static final NodeSettings SETTINGS = settings();

    private final ManualTime time = new ManualTime();
    private final CapturedLog log = new CapturedLog(time);
    private final Map<String, String> listings = new HashMap<>();
    private final Map<String, ServiceObject> services = new TreeMap<>();
    private final Map<SliceObject.Key, SliceObject> slices = new TreeMap<>();
    private final Map<String, ServiceCidrObject> serviceCidrs = new TreeMap<>();
    private final Backend<NftRuleset, NftChange> backend = new NftKernel(new NftProgram(this::run)).backend();
    private final StateChanges changes = new StateChanges();
    private final ComparingRounds<?, ?> rounds = new ComparingRounds<>(backend, () -> SETTINGS, time);
    private final DryRunReport report = new DryRunReport();
    private boolean broken;

    @AfterEach
    void stopCapturing() {
        log.close();
    }

    private static NodeSettings settings() {
        NodeSettings defaults = NodeSettings.defaults(ProxyMode.NFTABLES, "node-a");
        return new NodeSettings(
                defaults.mode(),
                defaults.nodeName(),
                List.of(),
                List.of(Ip.parse("192.0.2.10")),
                defaults.detectLocal(),
                defaults.nodePortAddresses(),
                defaults.masqueradeBit(),
                false,
                true,
                false);
    }

    private ProcessResult run(Command command) {
        List<String> words = command.words();
        assertThat(words).as("nothing is written").contains("list");
        if (broken) {
            return new ProcessResult(1, "", "Operation not permitted");
        }
        String table = listings.get(words.get(4));
        return table == null
                ? new ProcessResult(1, "", "Error: No such file or directory")
                : new ProcessResult(0, table, "");
    }

    private void put(String name, String clusterIp, String... endpoints) {
        services.put(name, ClusterObjects.service(name, clusterIp));
        SliceObject slice = ClusterObjects.slice(name, endpoints);
        slices.put(slice.key(), slice);
    }

    private ClusterState state() {
        Map<ServiceName, ServiceObject> byName = new HashMap<>();
        services.values().forEach(service -> byName.put(service.name(), service));
        return ClusterState.of(byName, slices, Map.of(), serviceCidrs);
    }

    /** Makes the kernel return the rules for the current objects. */
    private void kernelHasTheRules() {
        String text = backend.layout().render(Planner.plan(state(), SETTINGS)).text();
        int second = text.indexOf("table ip6 kube-proxy");
        listings.put("ip", text.substring(text.indexOf("table ip kube-proxy"), second));
        listings.put("ip6", text.substring(second));
    }

    private RoundResult round() {
        RoundResult result = rounds.round(changes.to(state()), true);
        report.after(result);
        return result;
    }

    private KernelComparison comparison() {
        return Objects.requireNonNull(round().comparison());
    }

    @Test
    void reportsCurrentRulesAsTheSame() {
        put("web", "10.96.0.10", "10.244.1.5", "10.244.2.5");
        put("idle", "10.96.0.11");
        kernelHasTheRules();

        KernelComparison comparison = comparison();

        assertThat(comparison.different()).isEmpty();
        assertThat(comparison.frontends().get(IpFamily.IPV4))
                .containsEntry(KernelComparison.State.SAME, 2)
                .containsEntry(KernelComparison.State.MISSING, 0);
        assertThat(comparison.text())
                .isEqualTo("2 Service addresses and node ports as expected, 0 missing, 0 different; 2 of 2 Services"
                        + " as expected; Fairlead would add 0 and remove 0 lines");
    }

    @Test
    void distinguishesMissingFromDifferentFrontends() {
        put("web", "10.96.0.10", "10.244.1.5");
        put("same", "10.96.0.11", "10.244.1.6");
        kernelHasTheRules();
        put("web", "10.96.0.10", "10.244.1.7");
        put("late", "10.96.0.12", "10.244.1.8");

        KernelComparison comparison = comparison();

        assertThat(comparison.count(KernelComparison.State.SAME)).isEqualTo(1);
        assertThat(comparison.count(KernelComparison.State.MISSING)).isEqualTo(1);
        assertThat(comparison.count(KernelComparison.State.DIFFERENT)).isEqualTo(1);
        assertThat(comparison.services()).isEqualTo(3);
        assertThat(comparison.differentServices()).isEqualTo(2);
        assertThat(comparison.lines().added()).isPositive();
        assertThat(report.page())
                .contains("Service default/late:http/tcp\n  missing   cluster IP 10.96.0.12:80, packet ")
                .contains("            expected: sent to 10.244.1.8:8080")
                .contains("            actual:   passes with unchanged addresses\n")
                .contains("Service default/web:http/tcp\n  different cluster IP 10.96.0.10:80, packet ")
                .contains("            actual:   sent to 10.244.1.5:8080")
                .doesNotContain("default/same");
    }

    /** Tests an address in a ServiceCIDR. Packets to addresses in a ServiceCIDR without a Service are dropped. */
    @Test
    void aFrontendInAServiceCidrIsMissingIfItsPacketsAreDropped() {
        serviceCidrs.put("kubernetes", new ServiceCidrObject("kubernetes", List.of(Cidr.parse("10.96.0.0/12"))));
        put("web", "10.96.0.10", "10.244.1.5");
        kernelHasTheRules();
        put("late", "10.96.0.12", "10.244.1.8");

        assertThat(comparison().count(KernelComparison.State.MISSING)).isEqualTo(1);
        assertThat(comparison().count(KernelComparison.State.DIFFERENT)).isZero();
        assertThat(report.page())
                .contains("Service default/late:http/tcp\n  missing   cluster IP 10.96.0.12:80, packet ")
                .contains("            actual:   dropped\n");
    }

    @Test
    void logsAResultOnlyWhenItChanges() {
        put("web", "10.96.0.10", "10.244.1.5");
        kernelHasTheRules();
        round();
        round();
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("I dry run: 1 Service addresses and node ports as expected");

        put("web", "10.96.0.10", "10.244.1.6");
        round();

        assertThat(log.lines()).hasSize(2);
    }

    @Test
    void keepsTheLastPageIfTheKernelCannotBeRead() {
        put("web", "10.96.0.10", "10.244.1.5");
        kernelHasTheRules();
        round();
        broken = true;

        RoundResult result = round();

        assertThat(result.outcome()).isEqualTo(RoundResult.Outcome.FAILED);
        assertThat(log.lines()).last().asString().startsWith("E dry run: cannot read the kernel's rules: ");
        assertThat(report.page()).startsWith("cannot read the kernel's rules: ").contains("compared at ");
    }

    @Test
    void reportsThatNothingWasComparedYet() {
        assertThat(report.page()).isEqualTo("not compared yet\n");
    }
}

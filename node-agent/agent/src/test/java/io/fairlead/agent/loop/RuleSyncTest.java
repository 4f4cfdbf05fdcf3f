package io.fairlead.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.cluster.SourceRanges;
import io.fairlead.core.cluster.TrafficPolicy;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.linux.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RuleSyncTest {
    private static final ServiceName A = new ServiceName("default", "a");
    private static final ServiceName B = new ServiceName("default", "b");

    private final FakeBackend backend = new FakeBackend(ProxyMode.NFTABLES);
    private final SortedMap<ServiceName, ServiceObject> services = new TreeMap<>();
    private final SortedMap<SliceObject.Key, SliceObject> slices = new TreeMap<>();
    private final ManualTime time = ManualTime.ticking(Duration.ofMillis(1));
    private final StateChanges changes = new StateChanges();
    private NodeSettings settings = NodeSettings.defaults(ProxyMode.NFTABLES, "node-1");
    private final RuleSync<FakeBackend.Rules, FakeBackend.Edits> loop =
            new RuleSync<>(backend.backend(), () -> settings, time);

    private RoundResult round(boolean recheck) {
        return loop.round(changes.to(state()), recheck);
    }

    private ClusterState state() {
        return ClusterState.of(services, slices, Map.of(), Map.of());
    }

    private void put(ServiceName name, String clusterIp, String... endpoints) {
        Ip ip = Ip.parse(clusterIp);
        services.put(
                name,
                new ServiceObject(
                        name,
                        ServiceObject.Type.CLUSTER_IP,
                        ServiceObject.Selection.SERVED,
                        Map.of(ip.family(), ip),
                        List.of(new ServiceObject.Port("", Protocol.TCP, 80, 0)),
                        List.of(),
                        List.of(),
                        SourceRanges.NONE,
                        TrafficPolicy.CLUSTER,
                        TrafficPolicy.CLUSTER,
                        new Affinity.None(),
                        0));
        SliceObject slice = new SliceObject(
                name,
                name.name() + "-1",
                IpFamily.IPV4,
                List.of(new SliceObject.Port("", Protocol.TCP, 8080)),
                List.of(endpoints).stream()
                        .map(text -> new SliceObject.SliceEndpoint(
                                Ip.parse(text), true, true, false, null, Set.of(), Set.of()))
                        .toList());
        slices.put(slice.key(), slice);
    }

    private static ApplyFailedException failure(ApplyFailedException.Kind kind) {
        return new ApplyFailedException(kind, "no", "", List.of(), List.of());
    }

    private List<String> kernel() {
        return backend.kernel.keySet().stream()
                .filter(line -> !line.startsWith("base"))
                .toList();
    }

    @Test
    void comparesEverythingAfterObjectsCouldNotBeDeleted() {
        put(A, "10.96.0.1", "10.244.1.1");
        round(false);
        backend.leavesBehind.add(IpFamily.IPV4);
        put(A, "10.96.0.1", "10.244.1.2");
        round(false);
        backend.calls.clear();
        backend.leavesBehind.clear();
        put(A, "10.96.0.1", "10.244.1.3");

        assertThat(round(false).outcome()).isEqualTo(RoundResult.Outcome.APPLIED);

        assertThat(backend.calls).contains("read");
        backend.calls.clear();
        put(A, "10.96.0.1", "10.244.1.4");
        round(false);
        assertThat(backend.calls).as("and only that").doesNotContain("read");
    }

    @Test
    void writesTheNodesRulesWithoutAnyObject() {
        RoundResult report = round(false);

        assertThat(report.outcome()).isEqualTo(RoundResult.Outcome.APPLIED);
        assertThat(backend.kernel).hasSize(1);
    }

    @Test
    void writesNothingAfterARestartWithoutChanges() {
        put(A, "10.96.0.1", "10.0.0.1");
        round(false);
        backend.calls.clear();

        RoundResult report =
                new RuleSync<>(backend.backend(), () -> settings, time).round(new StateChanges().to(state()), false);

        assertThat(report.outcome()).isEqualTo(RoundResult.Outcome.UNCHANGED);
        assertThat(backend.calls).containsExactly("read", "render");
    }

    @Test
    void aRoundWithoutChangesDoesNotReadTheKernel() {
        put(A, "10.96.0.1", "10.0.0.1");
        round(false);
        backend.calls.clear();

        RoundResult report = round(false);

        assertThat(report.outcome()).isEqualTo(RoundResult.Outcome.UNCHANGED);
        assertThat(backend.calls).isEmpty();
    }

    @Test
    void appliesAndReportsOnlyTheDifference() {
        put(A, "10.96.0.1", "10.0.0.1", "10.0.0.2");
        put(B, "10.96.0.2", "10.0.0.3");
        round(false);
        backend.calls.clear();
        put(A, "10.96.0.1", "10.0.0.1", "10.0.0.9");

        RoundResult report = round(false);

        assertThat(kernel())
                .containsExactly(
                        "cluster IP 10.96.0.1:80 -> 10.0.0.1:8080",
                        "cluster IP 10.96.0.1:80 -> 10.0.0.9:8080",
                        "cluster IP 10.96.0.2:80 -> 10.0.0.3:8080");
        assertThat(backend.calls).containsExactly("render", "apply");
        assertThat(report.text())
                .isEqualTo("applied: +1 -1 lines; Service default/a (plan 1.0 ms, compute 1.0 ms," + " apply 1.0 ms)");
    }

    @Test
    void leavesOutARefusedServiceAndServesTheOthers() {
        put(A, "10.96.0.1", "10.0.0.1");
        put(B, "10.96.0.2", "10.0.0.2");
        backend.refused.add(A);

        RoundResult report = round(false);

        assertThat(report.outcome()).isEqualTo(RoundResult.Outcome.APPLIED);
        assertThat(report.quarantined()).containsOnlyKeys(A);
        assertThat(report.quarantined().get(A)).contains("default/a");
        assertThat(kernel()).containsExactly("cluster IP 10.96.0.2:80 -> 10.0.0.2:8080");
        assertThat(loop.isBehind()).isFalse();
    }

    @Test
    void keepsTheOldRulesOfAServiceWhoseChangeIsRefused() {
        put(A, "10.96.0.1", "10.0.0.1");
        round(false);
        backend.refused.add(A);
        put(A, "10.96.0.1", "10.0.0.7");
        put(B, "10.96.0.2", "10.0.0.2");

        round(false);

        assertThat(kernel())
                .containsExactly(
                        "cluster IP 10.96.0.1:80 -> 10.0.0.1:8080", "cluster IP 10.96.0.2:80 -> 10.0.0.2:8080");
    }

    @Test
    void removesOldRulesWhenAnotherServiceGetsTheirAddress() {
        put(A, "10.96.0.1", "10.0.0.1");
        round(false);
        backend.refused.add(A);
        put(A, "10.96.0.3", "10.0.0.7");
        put(B, "10.96.0.1", "10.0.0.2");

        round(false);

        assertThat(kernel()).containsExactly("cluster IP 10.96.0.1:80 -> 10.0.0.2:8080");
    }

    @Test
    void retriesAServiceInQuarantineWhenItChanges() {
        put(A, "10.96.0.1", "10.0.0.1");
        backend.refused.add(A);
        round(false);
        backend.refused.clear();
        backend.calls.clear();

        round(false);
        assertThat(backend.calls).isEmpty();

        put(A, "10.96.0.1", "10.0.0.8");
        RoundResult report = round(false);

        assertThat(report.quarantined()).isEmpty();
        assertThat(kernel()).containsExactly("cluster IP 10.96.0.1:80 -> 10.0.0.8:8080");
    }

    @Test
    void isolatesSeveralRefusedServicesInOneRound() {
        for (int i = 1; i <= 5; i++) {
            put(new ServiceName("default", "s" + i), "10.96.0." + i, "10.0.0." + i);
        }
        backend.refused.add(new ServiceName("default", "s2"));
        backend.refused.add(new ServiceName("default", "s4"));

        RoundResult report = round(false);

        assertThat(report.quarantined().keySet()).extracting(ServiceName::name).containsExactly("s2", "s4");
        assertThat(kernel()).hasSize(3);
    }

    @Test
    void retriesAFailureWithoutAServiceAtFault() {
        put(A, "10.96.0.1", "10.0.0.1");
        backend.failures.add(failure(ApplyFailedException.Kind.LOCKED));

        RoundResult report = round(false);

        assertThat(report.outcome()).isEqualTo(RoundResult.Outcome.FAILED);
        assertThat(loop.isBehind()).isTrue();
        assertThat(backend.kernel).isEmpty();

        assertThat(round(false).outcome()).isEqualTo(RoundResult.Outcome.APPLIED);
        assertThat(kernel()).hasSize(1);
    }

    @Test
    void reportsTheFirstRefusedLines() {
        backend.failures.add(new ApplyFailedException(
                ApplyFailedException.Kind.REJECTED,
                "line 7 failed",
                "",
                List.of(),
                List.of("-A ONE", "-A TWO", "-A THREE", "-A FOUR")));

        assertThat(round(false).error()).isEqualTo("line 7 failed | -A ONE | -A TWO | -A THREE");
    }

    @Test
    void putsNoServiceInQuarantineIfTheNodesRulesAreRefused() {
        backend.failures.add(new ApplyFailedException(
                ApplyFailedException.Kind.REJECTED, "no", "", List.of(new Origin.Node()), List.of()));

        RoundResult report = round(false);

        assertThat(report.outcome()).isEqualTo(RoundResult.Outcome.FAILED);
        assertThat(report.quarantined()).isEmpty();
    }

    @Test
    void readsTheKernelAgainOnceIfAnotherProgramChangedIt() {
        put(A, "10.96.0.1", "10.0.0.1");
        round(false);
        backend.calls.clear();
        backend.failures.add(failure(ApplyFailedException.Kind.NOT_FOUND));
        put(A, "10.96.0.1", "10.0.0.2");

        RoundResult report = round(false);

        assertThat(report.outcome()).isEqualTo(RoundResult.Outcome.APPLIED);
        assertThat(backend.calls).containsExactly("render", "apply", "read", "render", "apply");

        backend.failures.add(failure(ApplyFailedException.Kind.NOT_FOUND));
        backend.failures.add(failure(ApplyFailedException.Kind.NOT_FOUND));
        put(A, "10.96.0.1", "10.0.0.3");
        assertThat(round(false).outcome()).isEqualTo(RoundResult.Outcome.FAILED);
    }

    @Test
    void aRecheckRepairsRemovedRules() {
        put(A, "10.96.0.1", "10.0.0.1");
        round(false);
        backend.kernel.clear();

        assertThat(round(false).outcome()).isEqualTo(RoundResult.Outcome.UNCHANGED);
        assertThat(backend.kernel).isEmpty();

        RoundResult report = round(true);
        assertThat(report.outcome()).isEqualTo(RoundResult.Outcome.APPLIED);
        assertThat(kernel()).hasSize(1);
    }

    @Test
    void repairsRemovedRulesWhenTheKernelReportsIt() {
        put(A, "10.96.0.1", "10.0.0.1");
        round(false);
        assertThat(loop.isDisturbed()).isFalse();
        backend.kernel.clear();
        backend.others.add("nft");

        assertThat(loop.isDisturbed()).isTrue();
        RoundResult report = round(false);

        assertThat(report.text())
                .startsWith("repaired after nft had changed the rules: +2 -0 lines of node, default/a");
        assertThat(kernel()).hasSize(1);
        assertThat(loop.isDisturbed()).isFalse();
    }

    @Test
    void readsAKernelThatReportsChangesOnceAnHour() {
        backend.watched = true;
        round(false);
        backend.calls.clear();

        assertThat(round(true).outcome()).isEqualTo(RoundResult.Outcome.UNCHANGED);
        assertThat(backend.calls).isEmpty();

        time.advance(Duration.ofHours(1));
        assertThat(round(true).outcome()).isEqualTo(RoundResult.Outcome.UNCHANGED);
        assertThat(backend.calls).containsExactly("read", "render");
    }

    @Test
    void readsAKernelThatReportsNoChangesAtEachRecheck() {
        round(false);
        backend.calls.clear();
        backend.others.add("");

        assertThat(loop.isDisturbed()).isTrue();
        round(false);

        assertThat(backend.calls).startsWith("read");
        assertThat(loop.isDisturbed()).isFalse();
    }

    @Test
    void aRecheckUsesTheCurrentNodeSettings() {
        round(false);
        settings = new NodeSettings(
                ProxyMode.NFTABLES,
                "node-1",
                List.of(),
                List.of(),
                settings.detectLocal(),
                settings.nodePortAddresses(),
                3,
                false,
                true,
                false);

        round(true);

        assertThat(backend.kernel.keySet()).containsExactly("base 0x00000008");
    }

    @Test
    void anUnexpectedExceptionEndsTheRoundButNotTheLoop() {
        put(A, "10.96.0.1", "10.0.0.1");
        round(false);
        backend.kernel.clear();
        put(A, "10.96.0.1", "10.0.0.2");

        RoundResult report = round(false);
        assertThat(report.outcome()).isEqualTo(RoundResult.Outcome.FAILED);
        assertThat(report.error()).contains("not there");

        assertThat(round(false).outcome()).isEqualTo(RoundResult.Outcome.APPLIED);
    }

    @Test
    void shortensLongListsOfServicesInTheLog() {
        for (int i = 1; i <= 9; i++) {
            put(new ServiceName("default", "s" + i), "10.96.0." + i, "10.0.0." + i);
        }

        assertThat(round(false).text())
                .contains("9 Services: default/s1, default/s2, default/s3, default/s4, default/s5 and 4 more");
    }
}

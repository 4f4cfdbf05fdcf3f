package io.fairlead.agent.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.time.ManualTime;
import io.fairlead.cluster.objects.ClusterInput;
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
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SyncLoopTest {
    private static final ServiceName A = new ServiceName("default", "a");
    private static final ServiceName B = new ServiceName("default", "b");

    private final FakeBackend backend = new FakeBackend(ProxyMode.NFTABLES);
    private final SortedMap<ServiceName, ServiceObject> services = new TreeMap<>();
    private final SortedMap<SliceObject.Key, SliceObject> slices = new TreeMap<>();
    private final ManualTime time = ManualTime.ticking(Duration.ofMillis(1));
    private boolean sourceFails;
    private NodeSettings settings = NodeSettings.defaults(ProxyMode.NFTABLES, "node-1");
    private final SyncLoop<FakeBackend.Rules, FakeBackend.Edits> loop =
            new SyncLoop<>(backend, ClusterSource.of(this::read), () -> settings, time);

    private ClusterInput read() throws IOException {
        if (sourceFails) {
            throw new IOException("the disk is gone");
        }
        return new ClusterInput(
                ClusterState.of(services, slices, Map.of(), Map.of()),
                List.of(),
                new ClusterInput.Counts(0, 0, 0, 0, 0, 0, 0, 0),
                List.of());
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
    void whatCouldNotBeDeletedMakesTheNextChangeCompareEverything() {
        put(A, "10.96.0.1", "10.244.1.1");
        loop.sync(false);
        backend.leavesBehind.add(IpFamily.IPV4);
        put(A, "10.96.0.1", "10.244.1.2");
        loop.sync(false);
        backend.calls.clear();
        backend.leavesBehind.clear();
        put(A, "10.96.0.1", "10.244.1.3");

        assertThat(loop.sync(false).outcome()).isEqualTo(SyncReport.Outcome.APPLIED);

        assertThat(backend.calls).contains("read");
        backend.calls.clear();
        put(A, "10.96.0.1", "10.244.1.4");
        loop.sync(false);
        assertThat(backend.calls).as("and only that").doesNotContain("read");
    }

    @Test
    void writesBaseRulesEvenWithoutAnyObject() {
        SyncReport report = loop.sync(false);

        assertThat(report.outcome()).isEqualTo(SyncReport.Outcome.APPLIED);
        assertThat(backend.kernel).hasSize(1);
    }

    @Test
    void aRestartWithNothingChangedWritesNothing() {
        put(A, "10.96.0.1", "10.0.0.1");
        loop.sync(false);
        backend.calls.clear();

        SyncReport report = new SyncLoop<>(backend, ClusterSource.of(this::read), () -> settings, time).sync(false);

        assertThat(report.outcome()).isEqualTo(SyncReport.Outcome.UNCHANGED);
        assertThat(backend.calls).containsExactly("read", "render");
    }

    @Test
    void aRoundWithoutChangesAsksTheKernelNothing() {
        put(A, "10.96.0.1", "10.0.0.1");
        loop.sync(false);
        backend.calls.clear();

        SyncReport report = loop.sync(false);

        assertThat(report.outcome()).isEqualTo(SyncReport.Outcome.UNCHANGED);
        assertThat(backend.calls).isEmpty();
    }

    @Test
    void appliesOnlyTheDifferenceAndSaysWhatItWas() {
        put(A, "10.96.0.1", "10.0.0.1", "10.0.0.2");
        put(B, "10.96.0.2", "10.0.0.3");
        loop.sync(false);
        backend.calls.clear();
        put(A, "10.96.0.1", "10.0.0.1", "10.0.0.9");

        SyncReport report = loop.sync(false);

        assertThat(kernel())
                .containsExactly(
                        "cluster IP 10.96.0.1:80 -> 10.0.0.1:8080",
                        "cluster IP 10.96.0.1:80 -> 10.0.0.9:8080",
                        "cluster IP 10.96.0.2:80 -> 10.0.0.3:8080");
        assertThat(backend.calls).containsExactly("render", "apply");
        assertThat(report.text())
                .isEqualTo("applied: +1 -1 lines; Service default/a (read objects 1.0 ms, plan 1.0 ms, compute 1.0 ms,"
                        + " apply 1.0 ms)");
    }

    @Test
    void changesNothingIfTheObjectsCannotBeRead() {
        put(A, "10.96.0.1", "10.0.0.1");
        loop.sync(false);
        backend.calls.clear();
        sourceFails = true;

        SyncReport report = loop.sync(true);

        assertThat(report.outcome()).isEqualTo(SyncReport.Outcome.FAILED);
        assertThat(report.error()).contains("the disk is gone");
        assertThat(backend.calls).isEmpty();
        assertThat(kernel()).hasSize(1);
    }

    @Test
    void aRefusedServiceIsLeftOutAndTheOthersAreServed() {
        put(A, "10.96.0.1", "10.0.0.1");
        put(B, "10.96.0.2", "10.0.0.2");
        backend.refused.add(A);

        SyncReport report = loop.sync(false);

        assertThat(report.outcome()).isEqualTo(SyncReport.Outcome.APPLIED);
        assertThat(report.quarantined()).containsOnlyKeys(A);
        assertThat(report.quarantined().get(A)).contains("default/a");
        assertThat(kernel()).containsExactly("cluster IP 10.96.0.2:80 -> 10.0.0.2:8080");
        assertThat(loop.isBehind()).isFalse();
    }

    @Test
    void whatWasServedBeforeStandsInForARefusedChange() {
        put(A, "10.96.0.1", "10.0.0.1");
        loop.sync(false);
        backend.refused.add(A);
        put(A, "10.96.0.1", "10.0.0.7");
        put(B, "10.96.0.2", "10.0.0.2");

        loop.sync(false);

        assertThat(kernel())
                .containsExactly(
                        "cluster IP 10.96.0.1:80 -> 10.0.0.1:8080", "cluster IP 10.96.0.2:80 -> 10.0.0.2:8080");
    }

    @Test
    void aStandInGivesWayToAServiceThatHasTakenItsAddress() {
        put(A, "10.96.0.1", "10.0.0.1");
        loop.sync(false);
        backend.refused.add(A);
        put(A, "10.96.0.3", "10.0.0.7");
        put(B, "10.96.0.1", "10.0.0.2");

        loop.sync(false);

        assertThat(kernel()).containsExactly("cluster IP 10.96.0.1:80 -> 10.0.0.2:8080");
    }

    @Test
    void aServiceInQuarantineIsTriedAgainWhenItChanges() {
        put(A, "10.96.0.1", "10.0.0.1");
        backend.refused.add(A);
        loop.sync(false);
        backend.refused.clear();
        backend.calls.clear();

        loop.sync(false);
        assertThat(backend.calls).isEmpty();

        put(A, "10.96.0.1", "10.0.0.8");
        SyncReport report = loop.sync(false);

        assertThat(report.quarantined()).isEmpty();
        assertThat(kernel()).containsExactly("cluster IP 10.96.0.1:80 -> 10.0.0.8:8080");
    }

    @Test
    void severalRefusedServicesAreIsolatedInOneRound() {
        for (int i = 1; i <= 5; i++) {
            put(new ServiceName("default", "s" + i), "10.96.0." + i, "10.0.0." + i);
        }
        backend.refused.add(new ServiceName("default", "s2"));
        backend.refused.add(new ServiceName("default", "s4"));

        SyncReport report = loop.sync(false);

        assertThat(report.quarantined().keySet()).extracting(ServiceName::name).containsExactly("s2", "s4");
        assertThat(kernel()).hasSize(3);
    }

    @Test
    void aFailureThatNoServiceIsAtFaultForLeavesTheKernelAndIsTriedAgain() {
        put(A, "10.96.0.1", "10.0.0.1");
        backend.failures.add(failure(ApplyFailedException.Kind.LOCKED));

        SyncReport report = loop.sync(false);

        assertThat(report.outcome()).isEqualTo(SyncReport.Outcome.FAILED);
        assertThat(loop.isBehind()).isTrue();
        assertThat(backend.kernel).isEmpty();

        assertThat(loop.sync(false).outcome()).isEqualTo(SyncReport.Outcome.APPLIED);
        assertThat(kernel()).hasSize(1);
    }

    @Test
    void roundsThatFailComeLessAndLessOften() {
        put(A, "10.96.0.1", "10.0.0.1");
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            backend.failures.add(failure(ApplyFailedException.Kind.LOCKED));
            loop.sync(false);
            pauses.add(loop.pause().toMillis());
        }
        assertThat(pauses).containsExactly(250L, 500L, 1000L, 2000L, 4000L, 4000L, 4000L);

        loop.sync(false);
        assertThat(loop.pause()).isZero();
    }

    @Test
    void theFirstLinesAtFaultAreTold() {
        backend.failures.add(new ApplyFailedException(
                ApplyFailedException.Kind.REJECTED,
                "line 7 failed",
                "",
                List.of(),
                List.of("-A ONE", "-A TWO", "-A THREE", "-A FOUR")));

        assertThat(loop.sync(false).error()).isEqualTo("line 7 failed | -A ONE | -A TWO | -A THREE");
    }

    @Test
    void aFailureOfTheNodesOwnRulesPutsNoServiceInQuarantine() {
        backend.failures.add(new ApplyFailedException(
                ApplyFailedException.Kind.REJECTED, "no", "", List.of(new Origin.Node()), List.of()));

        SyncReport report = loop.sync(false);

        assertThat(report.outcome()).isEqualTo(SyncReport.Outcome.FAILED);
        assertThat(report.quarantined()).isEmpty();
    }

    @Test
    void readsTheKernelAnewOnceIfSomebodyElseChangedIt() {
        put(A, "10.96.0.1", "10.0.0.1");
        loop.sync(false);
        backend.calls.clear();
        backend.failures.add(failure(ApplyFailedException.Kind.NOT_FOUND));
        put(A, "10.96.0.1", "10.0.0.2");

        SyncReport report = loop.sync(false);

        assertThat(report.outcome()).isEqualTo(SyncReport.Outcome.APPLIED);
        assertThat(backend.calls).containsExactly("render", "apply", "read", "render", "apply");

        backend.failures.add(failure(ApplyFailedException.Kind.NOT_FOUND));
        backend.failures.add(failure(ApplyFailedException.Kind.NOT_FOUND));
        put(A, "10.96.0.1", "10.0.0.3");
        assertThat(loop.sync(false).outcome()).isEqualTo(SyncReport.Outcome.FAILED);
    }

    @Test
    void aRecheckRepairsWhatSomebodyElseTookAway() {
        put(A, "10.96.0.1", "10.0.0.1");
        loop.sync(false);
        backend.kernel.clear();

        assertThat(loop.sync(false).outcome()).isEqualTo(SyncReport.Outcome.UNCHANGED);
        assertThat(backend.kernel).isEmpty();

        SyncReport report = loop.sync(true);
        assertThat(report.outcome()).isEqualTo(SyncReport.Outcome.APPLIED);
        assertThat(kernel()).hasSize(1);
    }

    @Test
    void whatSomebodyElseTookAwayComesBackOnceTheKernelTells() {
        put(A, "10.96.0.1", "10.0.0.1");
        loop.sync(false);
        assertThat(loop.isDisturbed()).isFalse();
        backend.kernel.clear();
        backend.others.add("nft");

        assertThat(loop.isDisturbed()).isTrue();
        SyncReport report = loop.sync(false);

        assertThat(report.text())
                .startsWith("repaired after nft had changed the rules: +2 -0 lines of node, default/a");
        assertThat(kernel()).hasSize(1);
        assertThat(loop.isDisturbed()).isFalse();
    }

    @Test
    void aKernelThatTellsIsReadOnceAnHourWhileTheNodesSettingsAreFollowed() {
        backend.tells = true;
        loop.sync(false);
        backend.calls.clear();

        assertThat(loop.sync(true).outcome()).isEqualTo(SyncReport.Outcome.UNCHANGED);
        assertThat(backend.calls).isEmpty();

        time.advance(Duration.ofHours(1));
        assertThat(loop.sync(true).outcome()).isEqualTo(SyncReport.Outcome.UNCHANGED);
        assertThat(backend.calls).containsExactly("read", "render");
    }

    @Test
    void aKernelThatDoesNotTellIsLookedAt() {
        loop.sync(false);
        backend.calls.clear();
        backend.others.add("");

        assertThat(loop.isDisturbed()).isTrue();
        loop.sync(false);

        assertThat(backend.calls).startsWith("read");
        assertThat(loop.isDisturbed()).isFalse();
    }

    @Test
    void aRecheckFollowsTheNodesSettings() {
        loop.sync(false);
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

        loop.sync(true);

        assertThat(backend.kernel.keySet()).containsExactly("base 0x00000008");
    }

    @Test
    void anUnexpectedExceptionEndsTheRoundAndNotTheLoop() {
        put(A, "10.96.0.1", "10.0.0.1");
        loop.sync(false);
        backend.kernel.clear();
        put(A, "10.96.0.1", "10.0.0.2");

        SyncReport report = loop.sync(false);
        assertThat(report.outcome()).isEqualTo(SyncReport.Outcome.FAILED);
        assertThat(report.error()).contains("not there");

        assertThat(loop.sync(false).outcome()).isEqualTo(SyncReport.Outcome.APPLIED);
    }

    @Test
    void longListsOfServicesAreCutInTheLog() {
        for (int i = 1; i <= 9; i++) {
            put(new ServiceName("default", "s" + i), "10.96.0." + i, "10.0.0." + i);
        }

        assertThat(loop.sync(false).text())
                .contains("9 Services: default/s1, default/s2, default/s3, default/s4, default/s5 and 4 more");
    }
}

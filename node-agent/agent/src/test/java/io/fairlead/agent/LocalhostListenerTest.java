package io.fairlead.agent;

import static io.fairlead.core.fixture.ClusterObjects.alsoAt;
import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.remote;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.loop.Results;
import io.fairlead.agent.serve.FreePort;
import io.fairlead.config.ConfigReader;
import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.localhost.LocalhostPorts;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalhostListenerTest {
    private final LocalhostPorts ports = new LocalhostPorts(() -> 0, () -> 0);
    private final LocalhostListener listener = new LocalhostListener(ports, EnumSet.allOf(IpFamily.class));
    private final Planner planner = new Planner(NodeSettings.defaults(ProxyMode.NFTABLES, "node-a"));
    private final int number = FreePort.next();
    private final ServiceObject web = but(alsoAt(service("web", "10.96.0.10"), "fd00:96::10"))
            .nodePort(number)
            .done();

    @AfterEach
    void close() {
        ports.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nftables | true  | localhost              | IPV4 IPV6",
                "nftables | true  | primary,localhost      | IPV4 IPV6",
                "nftables | true  | 127.0.0.0/8            | IPV4",
                "nftables | true  | 127.1.0.0/16           | IPV4",
                "nftables | true  | ::1/128                | IPV6",
                "nftables | true  | all,localhost          | IPV4 IPV6",
                "nftables | true  | all                    | ''",
                "nftables | true  | 0.0.0.0/0              | ''",
                "nftables | true  | 64.0.0.0/2             | ''",
                "nftables | true  | primary                | ''",
                "nftables | false | localhost              | ''",
                "iptables | true  | localhost              | ''"
            })
    void servesOnlyFamiliesWhoseLoopbackIsNamed(String mode, boolean gate, String addresses, String families) {
        KubeProxyConfig config = ConfigReader.read("test", """
                        apiVersion: kubeproxy.config.k8s.io/v1alpha1
                        kind: KubeProxyConfiguration
                        mode: %s
                        featureGates: {KubeProxyNFTablesLocalhostNodePorts: %s}
                        nodePortAddresses: ["%s"]
                        """.formatted(mode, gate, addresses.replace(",", "\", \""))
                        .getBytes(StandardCharsets.UTF_8))
                .config();
        Set<IpFamily> expected = EnumSet.noneOf(IpFamily.class);
        for (String family : families.split(" ", -1)) {
            if (!family.isEmpty()) {
                expected.add(IpFamily.valueOf(family));
            }
        }
        assertThat(LocalhostListener.families(config, config.mode())).isEqualTo(expected);
    }

    @Test
    void listensOnceTheRulesAreInForce() {
        listener.after(Results.planned(change(web, slice("web", "10.244.1.1")), true));
        assertThat(ports.listening(IpFamily.IPV4)).isZero();
        listener.after(Results.unchanged());
        assertThat(ports.listening(IpFamily.IPV4)).isEqualTo(1);
        assertThat(ports.listening(IpFamily.IPV6)).as("no endpoint there").isZero();
    }

    @Test
    void stopsWithTheLastEndpoint() {
        listener.after(Results.planned(change(web, slice("web", "10.244.1.1")), false));
        assertThat(ports.listening(IpFamily.IPV4)).isEqualTo(1);
        listener.after(Results.planned(change(web), false));
        assertThat(ports.listening(IpFamily.IPV4)).isZero();
    }

    @Test
    void needsAnEndpointOfThisNodeUnderPolicyLocal() {
        ServiceObject local = but(web).externalLocal().done();
        listener.after(Results.planned(change(local, slice("web", remote("10.244.2.1"))), false));
        assertThat(ports.listening(IpFamily.IPV4)).isZero();
        listener.after(Results.planned(change(local, slice("web", "10.244.1.1")), false));
        assertThat(ports.listening(IpFamily.IPV4)).isEqualTo(1);
    }

    private PlanDelta change(ServiceObject service, SliceObject... slices) {
        Map<SliceObject.Key, SliceObject> byKey = new HashMap<>();
        for (SliceObject slice : slices) {
            byKey.put(slice.key(), slice);
        }
        planner.replace(ClusterState.of(Map.of(service.name(), service), byKey, Map.of(), Map.of()));
        return planner.update();
    }
}

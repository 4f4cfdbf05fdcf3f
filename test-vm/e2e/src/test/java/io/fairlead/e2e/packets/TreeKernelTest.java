package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.fixture.ClusterObjects;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Connecting;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.iptables.IptablesOptions.Variant;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.lab.Answer;
import io.fairlead.lab.LabHost;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that no connection to an unchanged Service fails while other Services are added and removed, so that linear
 * chains become trees of chains and linear chains again. It is tested in both families and with both variants of
 * iptables.
 */
@NeedsRoot
final class TreeKernelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int LONGEST_ROW = 12;
    private static final int PORT = 8080;
    private static final List<String> STABLE = List.of("10.96.0.10:80", "[fd00:10:96::10]:80");
    private static final int[] OTHERS = {2, 30, 31, 9, 40, 11, 12, 13, 3, 60, 0};

    @ParameterizedTest
    @EnumSource(names = {"LEGACY", "NFT"})
    void noConnectionFailsWhileRowsBecomeTreesAndBack(Variant variant) {
        try (World world = new World(ProxyMode.IPTABLES)) {
            LabHost farm = world.owner(IpPort.parse("10.244.1.11:8080").ip());
            farm.addresses().forEach(address -> farm.listen(Protocol.TCP, new IpPort(address, PORT)));
            Kernel<?, ?> kernel = Kernel.iptables(
                    world.nodeRunner(), IptablesOptions.defaults().with(variant).with(new Layout(LONGEST_ROW)));
            kernel.bring(world.plan(cluster(0)));
            try (Connecting clients = new Connecting(clients(world))) {
                for (int others : OTHERS) {
                    kernel.bring(world.plan(cluster(others)));
                    assertThat(kernel.text().contains("KUBE-SVC-T-")).isEqualTo(others + 1 > LONGEST_ROW);
                    assertReached(world, others);
                }
                clients.end();
                clients.assertNoneFailed(100);
            }
            kernel.remove();
            assertThat(kernel.text()).doesNotContain("KUBE-SVC");
        }
    }

    /** Asserts that the last of the other Services is reached. It is in the tree, if there is a tree. */
    private static void assertReached(World world, int others) {
        if (others > 0) {
            int last = others - 1;
            for (String at : List.of("10.96.1." + last + ":80", "[fd00:10:96::1:" + last + "]:80")) {
                assertThat(world.visitor().ask(Protocol.TCP, null, IpPort.parse(at), PATIENCE))
                        .as(at)
                        .isInstanceOfSatisfying(
                                Answer.Answered.class,
                                answer -> assertThat(answer.by()).isEqualTo("pod-1"));
            }
        }
    }

    /**
     * Returns a cluster with one unchanged Service and this number of other Services. For each of these there is also a
     * Service without endpoints, whose rules are in another table.
     */
    private static ClusterState cluster(int others) {
        Map<ServiceName, ServiceObject> services = new HashMap<>();
        Map<SliceObject.Key, SliceObject> slices = new HashMap<>();
        add(services, slices, "stable", "10.96.0.10", "fd00:10:96::10", true);
        for (int i = 0; i < others; i++) {
            add(services, slices, "other-" + i, "10.96.1." + i, "fd00:10:96::1:" + i, true);
            add(services, slices, "empty-" + i, "10.96.2." + i, "fd00:10:96::2:" + i, false);
        }
        return ClusterState.of(services, slices, Map.of(), Map.of());
    }

    private static void add(
            Map<ServiceName, ServiceObject> services,
            Map<SliceObject.Key, SliceObject> slices,
            String name,
            String ipv4,
            String ipv6,
            boolean served) {
        ServiceObject service = ClusterObjects.alsoAt(ClusterObjects.service(name, ipv4), ipv6);
        services.put(service.name(), service);
        if (served) {
            for (String pod : List.of("10.244.1.11", "fd00:10:244:1::11")) {
                SliceObject slice = ClusterObjects.slice(name, pod);
                slices.put(slice.key(), slice);
            }
        }
    }

    /** Returns one client in each family. */
    private static Map<String, Supplier<Answer>> clients(World world) {
        Map<String, Supplier<Answer>> clients = new HashMap<>();
        for (String at : STABLE) {
            clients.put(at, () -> world.visitor().ask(Protocol.TCP, null, IpPort.parse(at), PATIENCE));
        }
        return clients;
    }
}

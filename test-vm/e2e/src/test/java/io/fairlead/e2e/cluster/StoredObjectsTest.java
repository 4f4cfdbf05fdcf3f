package io.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.trace.Tracer;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.ControlPlane;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.NeedsKubernetes;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.e2e.fixtures.OddObjects;
import io.fairlead.e2e.fixtures.RealCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares kube-proxy and Fairlead on objects in every odd notation that a real API server stores. For packets to every
 * address in the objects, the rules of both must have the same outcome.
 *
 * <p>{@code -Dstored.services=3000 -Dstored.seed=N} runs the long form.
 */
@NeedsRoot
@NeedsKubernetes({"kube-apiserver", "etcd", "kube-proxy"})
@Timeout(1200)
final class StoredObjectsTest {
    private static final int SERVICES = Integer.getInteger("stored.services", 120);
    private static final long SEED = Long.getLong("stored.seed", 1);
    private static final Duration START = Duration.ofMinutes(4);
    private static final Map<String, String> MARKED = Map.of("IPv4", "10.244.1.11", "IPv6", "fd00:10:244:1::11");
    private static final String[] FAMILIES = {"--cluster-cidr=10.244.0.0/16,fd00:10:244::/48"};
    /**
     * Makes the API server accept the notations that servers before 1.36 accepted. Later servers keep objects with
     * these notations.
     */
    private static final String OLD_NOTATIONS = "--feature-gates=StrictIPCIDRValidation=false";

    /**
     * The sources of packets: two pods of this node, of which one is an endpoint, a pod of another node, the node
     * itself, and clients.
     */
    private static final List<Ip> SOURCES = ips(
            "10.244.1.200",
            "10.244.1.11",
            "10.244.2.11",
            "192.168.0.10",
            "203.0.113.9",
            "203.0.113.99",
            "192.168.0.11",
            "fd00:10:244:1::c8",
            "fd00:10:244:1::11",
            "fd00:10:244:2::11",
            "fd00:192:168::10",
            "2001:db8:113::9",
            "2001:db8:999::9");

    private static final List<Ip> NODE = ips("192.168.0.10", "127.0.0.1", "10.244.1.1", "fd00:192:168::10", "::1");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void areReadAsKubeProxyReadsThem(ProxyMode mode) {
        try (RealCluster cluster = new RealCluster(folder, mode, OLD_NOTATIONS)) {
            cluster.plane().patch("/api/v1/nodes/node-a/status", """
                    {"status": {"addresses": [{"type": "InternalIP", "address": "192.168.0.10"},
                                              {"type": "InternalIP", "address": "fd00:192:168::10"}]}}""");
            mark(cluster.plane());
            int stored = store(cluster.plane());

            NodeProcess kubeProxy = cluster.kubeProxy(mode, FAMILIES);
            Await.until(() -> isMarked(cluster, mode), START, kubeProxy::log);
            kubeProxy.stop();
            Tracer theirs = kernel(cluster, mode).readBack(cluster.world().host());

            NodeProcess fairlead = cluster.fairlead(mode, ControlPlane.ADMINISTRATOR, FAMILIES);
            Await.until(() -> fairlead.log().contains("applied: "), START, fairlead::log);
            fairlead.stop();
            Tracer ours = kernel(cluster, mode).readBack(cluster.world().host());

            Counts counts = new Counts();
            flows(cluster.plane(), (service, flow) -> counts.compare(service, flow, theirs, ours));
            System.out.printf(
                    "stored objects, %s: %,d of %,d Services stored, %,d packets, %,d of them translated, %d different%n",
                    mode.text(), stored, SERVICES, counts.flows, counts.translated, counts.different.size());
            assertThat(counts.different).as(() -> "seed " + SEED).isEmpty();
            assertThat(counts.translated).isGreaterThan(SERVICES);
            assertThat(stored).isGreaterThan(SERVICES * 2 / 3);
        }
    }

    /**
     * Creates a dual-stack Service. A proxy writes all rules together, so connections to this Service show that all
     * rules are written.
     */
    private static void mark(ControlPlane plane) {
        plane.create("/api/v1/namespaces/default/services", """
                {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "mark"},
                 "spec": {"clusterIP": "10.96.7.9", "clusterIPs": ["10.96.7.9", "fd00:10:96::709"], "ipFamilyPolicy": "RequireDualStack",
                          "ipFamilies": ["IPv4", "IPv6"], "ports": [{"name": "http", "port": 80}]}}""");
        MARKED.forEach((type, pod) ->
                plane.create("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", """
                {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "%1$s",
                 "metadata": {"name": "mark-%3$s", "labels": {"kubernetes.io/service-name": "mark"}},
                 "ports": [{"name": "http", "port": 8080}], "endpoints": [{"addresses": ["%2$s"]}]}""".formatted(
                                type, pod, type.toLowerCase(Locale.ROOT))));
    }

    private static boolean isMarked(RealCluster cluster, ProxyMode mode) {
        Tracer tracer = kernel(cluster, mode).readBack(cluster.world().host());
        return Stream.of(
                        new Flow(Protocol.TCP, Ip.parse("203.0.113.9"), Ip.parse("10.96.7.9"), 80),
                        new Flow(Protocol.TCP, Ip.parse("2001:db8:113::9"), Ip.parse("fd00:10:96::709"), 80))
                .allMatch(flow -> tracer.trace(flow).outcome().verdict() == Verdict.DNAT);
    }

    private static Kernel<?, ?> kernel(RealCluster cluster, ProxyMode mode) {
        return Kernel.open(mode, cluster.world().nodeRunner());
    }

    /** Creates random objects, of which the API server accepts some. Returns the number of stored Services. */
    private static int store(ControlPlane plane) {
        OddObjects objects = new OddObjects(SEED);
        int stored = 0;
        for (int i = 0; i < SERVICES; i++) {
            OddObjects.Generated generated = objects.next(i);
            if (!plane.offer("/api/v1/namespaces/default/services", Serialization.asJson(generated.service()))) {
                continue;
            }
            stored++;
            if (generated.status() != null) {
                plane.offerPatch(
                        "/api/v1/namespaces/default/services/odd-" + i + "/status",
                        Serialization.asJson(generated.status()));
            }
            generated
                    .slices()
                    .forEach(slice -> plane.offer(
                            "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
                            Serialization.asJson(slice)));
        }
        return stored;
    }

    /** Compares the two outcomes of many flows. */
    private static final class Counts {
        private final List<String> different = new ArrayList<>();
        private long flows;
        private long translated;

        void compare(String service, Flow flow, Tracer theirs, Tracer ours) {
            flows++;
            Outcome expected = theirs.trace(flow).outcome();
            Outcome actual = ours.trace(flow).outcome();
            translated += expected.endpoints().isEmpty() ? 0 : 1;
            if (!expected.equals(actual)) {
                different.add(service + ", " + flow.text() + ": kube-proxy " + expected.text() + "; fairlead "
                        + actual.text());
            }
        }
    }

    /** Calls {@code each} for flows from every source to every address and port of every stored Service. */
    private static void flows(ControlPlane plane, BiConsumer<String, Flow> each) {
        Map<?, ?> list = Serialization.unmarshal(plane.get("/api/v1/namespaces/default/services"), Map.class);
        for (Object item : (List<?>) list.get("items")) {
            Map<?, ?> service = (Map<?, ?>) item;
            String name = String.valueOf(((Map<?, ?>) service.get("metadata")).get("name"));
            Map<?, ?> spec = (Map<?, ?>) service.get("spec");
            Set<Ip> addresses = new TreeSet<>();
            add(addresses, (List<?>) spec.get("clusterIPs"));
            add(addresses, (List<?>) spec.get("externalIPs"));
            Map<?, ?> balancer = (Map<?, ?>) ((Map<?, ?>) service.get("status")).get("loadBalancer");
            List<?> ingress = (List<?>) balancer.get("ingress");
            for (Object entry : ingress == null ? List.of() : ingress) {
                Object ip = ((Map<?, ?>) entry).get("ip");
                add(addresses, ip == null ? null : List.of(ip));
            }
            List<?> ports = (List<?>) spec.get("ports");
            for (Object entry : ports == null ? List.of() : ports) {
                Map<?, ?> port = (Map<?, ?>) entry;
                for (Protocol protocol : Protocol.values()) {
                    flows(protocol, addresses, ((Number) port.get("port")).intValue(), flow -> each.accept(name, flow));
                    if (port.get("nodePort") instanceof Number number) {
                        flows(protocol, NODE, number.intValue(), flow -> each.accept(name, flow));
                    }
                }
            }
        }
    }

    private static void add(Set<Ip> addresses, List<?> texts) {
        for (Object text : texts == null ? List.of() : texts) {
            if (!text.equals("None") && !text.equals("")) {
                addresses.add(Ip.parse(String.valueOf(text)));
            }
        }
    }

    private static void flows(Protocol protocol, Iterable<Ip> destinations, int port, Consumer<Flow> each) {
        for (Ip to : destinations) {
            for (Ip from : SOURCES) {
                IpFamily family = to.family();
                if (from.family() == family && !from.equals(to)) {
                    each.accept(new Flow(protocol, from, to, port));
                }
            }
        }
    }

    private static List<Ip> ips(String... texts) {
        return List.of(texts).stream().map(Ip::parse).toList();
    }
}

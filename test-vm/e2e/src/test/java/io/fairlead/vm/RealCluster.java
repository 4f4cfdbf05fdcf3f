package io.fairlead.vm;

import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.lab.Answer;
import io.fairlead.lab.Lab;
import io.fairlead.lab.LabHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A world with a real API server, its objects, and a proxy on the node: Fairlead or kube-proxy. */
final class RealCluster implements AutoCloseable {
    private static final String SERVICES = "/api/v1/namespaces/default/services";
    private static final String SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
    private static final Duration PATIENCE = Duration.ofMillis(400);

    private final World world;
    private final ControlPlane plane;
    private final Path folder;
    private final LabHost client;
    private final List<NodeProcess> processes = new ArrayList<>();

    /** A cluster with one Node, and no proxy on it. */
    RealCluster(Path folder) {
        this(folder, new World(ProxyMode.NFTABLES));
    }

    /** A cluster in an existing world. Closing the cluster closes the world. */
    RealCluster(Path folder, World world) {
        this.folder = folder;
        this.world = world;
        try {
            this.plane = ControlPlane.start(world, folder);
        } catch (RuntimeException | AssertionError e) {
            world.close();
            throw e;
        }
        this.client = world.add("client", Lab.Side.OUTSIDE, "203.0.113.7");
        plane.create("/api/v1/nodes", """
                {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-a"},
                 "spec": {"podCIDR": "10.244.1.0/24", "podCIDRs": ["10.244.1.0/24"]}}""");
        plane.patch("/api/v1/nodes/node-a/status", """
                {"status": {"addresses": [{"type": "InternalIP", "address": "192.168.0.10"}]}}""");
        for (String pod : List.of("10.244.1.11", "10.244.1.12", "10.244.2.11")) {
            world.listen(Protocol.TCP, IpPort.parse(pod + ":8080"));
            world.listen(Protocol.UDP, IpPort.parse(pod + ":8080"));
        }
    }

    World world() {
        return world;
    }

    ControlPlane plane() {
        return plane;
    }

    /** Creates a Service with a ClusterIP and one port, 80. */
    void service(String name, String clusterIp) {
        plane.create(SERVICES, serviceJson(name, clusterIp, ""));
    }

    private static String serviceJson(String name, String clusterIp, String version) {
        return """
                {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "%s"%s},
                 "spec": {"clusterIP": "%s", "ports": [{"name": "http", "port": 80, "targetPort": 8080}]}}""".formatted(name, version, clusterIp);
    }

    /** Merges fields into a Service. */
    void patchService(String name, String json) {
        plane.patch(SERVICES + "/" + name, json);
    }

    void deleteService(String name) {
        plane.delete(SERVICES + "/" + name);
    }

    /** Creates a Service's only slice, with these pods. */
    void slice(String service, String... pods) {
        plane.create(SLICES, sliceJson(service, pods));
    }

    /** Replaces the whole slice by one with other pods. */
    void replaceSlice(String service, String... pods) {
        plane.replace(SLICES + "/" + service + "-1", sliceJson(service, pods));
    }

    /** Changes the slice's pods by a merge patch. */
    void patchSlice(String service, String... pods) {
        plane.patch(SLICES + "/" + service + "-1", "{\"endpoints\": " + endpoints(pods) + "}");
    }

    void deleteSlice(String service) {
        plane.delete(SLICES + "/" + service + "-1");
    }

    private static String sliceJson(String service, String... pods) {
        return """
                {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
                 "metadata": {"name": "%s-1", "labels": {"kubernetes.io/service-name": "%s"}},
                 "addressType": "IPv4", "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
                 "endpoints": %s}""".formatted(service, service, endpoints(pods));
    }

    private static String endpoints(String... pods) {
        return Stream.of(pods)
                .map(pod -> "{\"addresses\": [\"%s\"], \"conditions\": {\"ready\": true}, \"nodeName\": \"%s\"}"
                        .formatted(pod, pod.startsWith("10.244.1.") ? "node-a" : "node-b"))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** Starts Fairlead on the node. */
    NodeProcess fairlead(ProxyMode mode, String token, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "agent",
                "--kubeconfig=" + plane.kubeconfig(token),
                "--hostname-override=node-a",
                "--proxy-mode=" + mode.text(),
                "--cluster-cidr=10.244.0.0/16",
                "--conntrack-max-per-core=0",
                "--metrics-bind-address=127.0.0.1:10249"));
        words.addAll(List.of(more));
        return started(NodeProcess.fairlead(world.node().namespace(), folder.resolve("fairlead.log"), words));
    }

    /** Starts Fairlead on the node as a dry run, which writes nothing. */
    NodeProcess dryRun(ProxyMode mode) {
        return started(NodeProcess.fairlead(
                world.node().namespace(),
                folder.resolve("dry-run.log"),
                List.of(
                        "agent",
                        "--dry-run",
                        "--kubeconfig=" + plane.kubeconfig(ControlPlane.ADMINISTRATOR),
                        "--hostname-override=node-a",
                        "--proxy-mode=" + mode.text(),
                        "--cluster-cidr=10.244.0.0/16",
                        "--recheck-every=1",
                        "--healthz-bind-address=127.0.0.1:20256",
                        "--metrics-bind-address=127.0.0.1:20249")));
    }

    /** Starts kube-proxy on the node. */
    NodeProcess kubeProxy(ProxyMode mode) {
        return started(NodeProcess.start(
                world.node().namespace(),
                folder.resolve("kube-proxy.log"),
                List.of(
                        NeedsKubernetes.Condition.program("kube-proxy").toString(),
                        "--kubeconfig=" + plane.kubeconfig(ControlPlane.ADMINISTRATOR),
                        "--hostname-override=node-a",
                        "--proxy-mode=" + mode.text(),
                        "--cluster-cidr=10.244.0.0/16",
                        "--conntrack-max-per-core=0",
                        "--oom-score-adj=0")));
    }

    private NodeProcess started(NodeProcess process) {
        processes.add(process);
        return process;
    }

    /** Connects from outside the cluster. */
    Answer ask(String to) {
        return client.ask(Protocol.TCP, null, IpPort.parse(to), PATIENCE);
    }

    /** Whether one of these pods answers there. */
    boolean answers(String to, String... names) {
        return ask(to) instanceof Answer.Answered answered && List.of(names).contains(answered.by());
    }

    LabHost client() {
        return client;
    }

    @Override
    public void close() {
        processes.forEach(NodeProcess::close);
        plane.close();
        world.close();
    }
}

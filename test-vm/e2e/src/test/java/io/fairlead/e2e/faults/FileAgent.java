package io.fairlead.e2e.faults;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Plan;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.ManyEndpoints;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.e2e.fixtures.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Starts agents as separate processes, one after the other. They read objects from a file with the Service of {@link
 * ManyEndpoints}.
 */
final class FileAgent implements AutoCloseable {
    private static final String CLUSTER_CIDRS = "10.244.0.0/16,fd00:10:244::/48";

    private final Way way;
    private final Path folder;
    private final Path log;
    private final World world;
    private final List<NodeProcess> started = new ArrayList<>();

    /** Creates the node and its hosts, without starting an agent. */
    FileAgent(Way way, Path folder) throws IOException {
        this.way = way;
        this.folder = folder;
        this.log = folder.resolve("agent.log");
        Files.createDirectories(objects());
        this.world = new World(way.mode());
    }

    World world() {
        return world;
    }

    Kernel<?, ?> kernel() {
        return Kernel.ofAgent(
                way.mode(), world.nodeRunner(), way.variant(), world.node().namespace());
    }

    Path log() {
        return log;
    }

    /** Returns the plan for the Service with this number of endpoints. */
    Plan plan(int endpoints) throws IOException {
        return world.plan(ManyEndpoints.state(endpoints));
    }

    /** Returns the plan for the Service with this number of endpoints, and ClientIP affinity for this time. */
    Plan plan(int endpoints, int seconds) throws IOException {
        return world.plan(Yaml.text(sticky(endpoints, seconds)));
    }

    /** Replaces the file, so that the Service has this number of endpoints. */
    void show(int endpoints) throws IOException {
        show(ManyEndpoints.yaml(IntStream.range(0, endpoints).boxed().toList()));
    }

    /** Replaces the file, so that the Service has this number of endpoints, and ClientIP affinity for this time. */
    void show(int endpoints, int seconds) throws IOException {
        show(sticky(endpoints, seconds));
    }

    private static String sticky(int endpoints, int seconds) {
        return ManyEndpoints.sticky(IntStream.range(0, endpoints).boxed().toList(), seconds);
    }

    private void show(String yaml) throws IOException {
        Path fresh = Files.writeString(folder.resolve("fresh"), yaml);
        Files.move(
                fresh,
                objects().resolve("cluster.yaml"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Starts an agent. */
    NodeProcess start() {
        return start(way.environment());
    }

    /**
     * Starts an agent.
     *
     * @param environment environment variables, each as "NAME=value"
     * @param options further options of the agent
     */
    NodeProcess start(List<String> environment, String... options) {
        List<String> words =
                new ArrayList<>(List.of("agent", "--source", objects().toString()));
        words.addAll(nodeOptions());
        words.addAll(List.of("--cluster-cidr", CLUSTER_CIDRS, "--detect-local-mode", "ClusterCIDR"));
        words.addAll(List.of(options));
        NodeProcess agent = NodeProcess.fairlead(world.node().namespace(), log, environment, words);
        started.add(agent);
        return agent;
    }

    /** Runs the command {@code apply} with the same objects and settings. */
    void apply() throws IOException {
        Path config = Files.writeString(folder.resolve("config.yaml"), """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                clusterCIDR: %s
                """.formatted(CLUSTER_CIDRS));
        List<String> words =
                new ArrayList<>(List.of("apply", "-f", objects().toString(), "--config", config.toString()));
        words.addAll(nodeOptions());
        try (NodeProcess apply = NodeProcess.fairlead(world.node().namespace(), log, way.environment(), words)) {
            apply.await();
        }
    }

    private Path objects() {
        return folder.resolve("objects");
    }

    private List<String> nodeOptions() {
        return List.of(
                "--node-name",
                World.NODE_NAME,
                "--proxy-mode",
                way.mode().text(),
                "--local-addresses",
                world.host().addresses().stream().map(Ip::text).collect(Collectors.joining(",")));
    }

    /** Returns a flow to the Service from a pod that is not an endpoint. */
    Flow flow(IpFamily family) {
        IpPort to = ManyEndpoints.virtual(family);
        Ip from = world.visitor().addresses().stream()
                .filter(address -> address.family() == family)
                .findFirst()
                .orElseThrow();
        return new Flow(Protocol.UDP, from, to.ip(), to.port());
    }

    /**
     * Returns the outcomes of this flow by the flow model, for the Service with each number of endpoints from 1 to
     * {@code mostEndpoints}.
     */
    Set<String> intended(IpFamily family, int mostEndpoints) throws IOException {
        Set<String> intended = new HashSet<>();
        for (int endpoints = 1; endpoints <= mostEndpoints; endpoints++) {
            intended.add(new FlowModel(plan(endpoints), world.host())
                    .outcome(flow(family))
                    .toString());
        }
        return intended;
    }

    /** Returns the outcome of this flow by a tracer over the rules in the kernel. */
    String met(IpFamily family) {
        return kernel().readBack(world.host()).trace(flow(family)).outcome().toString();
    }

    @Override
    public void close() {
        started.forEach(NodeProcess::close);
        world.close();
    }
}

package io.fairlead.fuzz;

import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.cluster.objects.ReadObject;
import io.fairlead.cluster.watch.AnswerReading;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ProxyMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A node's view of a cluster with some ordinary Services, to which objects are added one after the other. The ordinary
 * Services are in the namespace "default", so that their names sort before those of hostile ones.
 */
public final class HostileCluster {
    /** How many ordinary Services there are. */
    public static final int ORDINARY = 20;

    private static final List<Ip> NODE = List.of(Ip.parse("192.168.0.10"), Ip.parse("fd00:192:168::10"));

    private final Planner planner;
    private final HostileObjects objects;
    private int refused;
    private int accepted;

    /** Creates a cluster of ordinary Services. */
    public HostileCluster(ProxyMode mode, long seed) {
        objects = new HostileObjects(seed);
        planner = new Planner(new NodeSettings(
                mode,
                "node-a",
                List.of(),
                NODE,
                new NodeSettings.DetectLocal.ClusterCidr(List.of(Cidr.parse("10.244.0.0/16"))),
                NodeSettings.NodePortSelection.primary(),
                NodeSettings.DEFAULT_MASQUERADE_BIT,
                false,
                false,
                false));
        for (int i = 0; i < ORDINARY; i++) {
            add(read(service(i)).orElseThrow());
            add(read(slice(i)).orElseThrow());
        }
        planner.update();
    }

    static Optional<ReadObject> read(byte[] json) {
        return AnswerReading.read(json);
    }

    private static byte[] service(int i) {
        return """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"web-%d","namespace":"default"},
                 "spec":{"type":"NodePort","clusterIP":"10.97.0.%d","clusterIPs":["10.97.0.%d"],"ipFamilies":["IPv4"],
                 "ports":[{"name":"http","port":80,"nodePort":%d,"protocol":"TCP"}]}}""".formatted(i, 1 + i, 1 + i, 30000 + i).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] slice(int i) {
        return """
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"web-%d-x",
                 "namespace":"default","labels":{"kubernetes.io/service-name":"web-%d"}},"addressType":"IPv4",
                 "endpoints":[{"addresses":["10.244.1.%d"],"nodeName":"node-a","conditions":{"ready":true}},
                 {"addresses":["10.244.2.%d"],"nodeName":"node-b","conditions":{"ready":true}}],
                 "ports":[{"name":"http","port":8080,"protocol":"TCP"}]}""".formatted(i, i, 1 + i, 1 + i).getBytes(StandardCharsets.UTF_8);
    }

    /** Reads the next hostile object, and adds what was accepted. */
    public Optional<ReadObject> next() {
        byte[] json = objects.next();
        Optional<ReadObject> read = read(json);
        read.ifPresent(this::add);
        return read;
    }

    private void add(ReadObject object) {
        if (object.setAside()) {
            refused++;
        } else {
            accepted++;
        }
        for (ClusterChange change : object.contents()) {
            switch (change) {
                case ClusterChange.Service(var _, var content) when content != null -> planner.put(content);
                case ClusterChange.Slice(var _, var content, var _) when content != null -> planner.put(content);
                case ClusterChange.Node(var _, var content) when content != null -> planner.put(content);
                case ClusterChange.Service _,
                        ClusterChange.Slice _,
                        ClusterChange.Node _,
                        ClusterChange.ServiceCidr _ -> {
                    // ServiceCIDRs are read only: in nftables mode one that contains the pods' addresses stops all
                    // Services, as with kube-proxy.
                }
            }
        }
    }

    /** Returns the plan of everything that was added. */
    public Plan plan() {
        planner.update();
        return planner.plan();
    }

    /** Returns how many objects were refused as a whole. */
    public int refused() {
        return refused;
    }

    /** Returns how many objects were accepted, in part at least. */
    public int accepted() {
        return accepted;
    }

    /** Returns the name of an ordinary Service. */
    public static ServiceName ordinary(int i) {
        return new ServiceName("default", "web-" + i);
    }

    /** Returns the node. */
    public static Host host() {
        return Host.of(NODE);
    }

    /**
     * Returns packets to each ordinary Service, and to some of the others. Left out are Services with the node's own
     * addresses, and Services with an endpoint that is an address of another Service, whose rules it would meet too.
     */
    public static List<Flow> flows(Plan plan, int others) {
        List<Flow> flows = new ArrayList<>();
        Ip client = Ip.parse("203.0.113.2");
        for (int i = 0; i < ORDINARY; i++) {
            flows.add(new Flow(Protocol.TCP, Ip.parse("10.244.1.200"), Ip.parse("10.97.0." + (1 + i)), 80));
            flows.add(new Flow(Protocol.TCP, client, NODE.getFirst(), 30000 + i));
        }
        Set<Ip> served = plan.ports(IpFamily.IPV4)
                .flatMap(port -> port.frontends().stream())
                .flatMap(frontend -> address(frontend).stream())
                .collect(Collectors.toSet());
        plan.ports(IpFamily.IPV4)
                .filter(port -> port.clusterEndpoints().stream().noneMatch(endpoint -> served.contains(endpoint.ip())))
                .filter(port -> port.localEndpoints().stream().noneMatch(endpoint -> served.contains(endpoint.ip())))
                .filter(port -> !port.name().service().namespace().equals("default"))
                .limit(others)
                .forEach(port -> flow(port, client)
                        .filter(flow -> !NODE.contains(flow.to()) && !flow.to().isLoopback())
                        .ifPresent(flows::add));
        return flows;
    }

    private static Optional<Ip> address(Frontend frontend) {
        return switch (frontend) {
            case Frontend.ClusterIp vip -> Optional.of(vip.ip());
            case Frontend.ExternalIp vip -> Optional.of(vip.ip());
            case Frontend.LoadBalancerIp vip -> Optional.of(vip.ip());
            case Frontend.NodePort _ -> Optional.empty();
        };
    }

    private static Optional<Flow> flow(PortPlan port, Ip client) {
        return port.frontends().stream()
                .findFirst()
                .map(frontend -> new Flow(
                        port.name().protocol(), client, address(frontend).orElse(NODE.getFirst()), frontend.port()));
    }
}

package io.fairlead.vm;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.lab.Lab;
import io.fairlead.lab.LabHost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One dual-stack Service over UDP with as many endpoints as a test needs. One host has the addresses of all endpoints.
 */
final class ManyEndpoints {
    private static final int PORT = 8080;

    private static final String NODE_AND_SERVICE = """
            apiVersion: v1
            kind: Node
            metadata: {name: node-a}
            status:
              addresses:
                - {type: InternalIP, address: 192.168.0.10}
                - {type: InternalIP, address: "fd00:192:168::10"}
            ---
            apiVersion: v1
            kind: Service
            metadata: {namespace: default, name: many}
            spec:
              clusterIP: 10.96.0.10
              clusterIPs: [10.96.0.10, "fd00:10:96::10"]
              ipFamilies: [IPv4, IPv6]
              ports: [{name: echo, protocol: UDP, port: 80}]
            """;

    private ManyEndpoints() {}

    /** Adds the host with listeners for this number of endpoints in both families. */
    static void host(World world, int endpoints) {
        List<String> addresses = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            for (int i = 0; i < endpoints; i++) {
                addresses.add(endpoint(family, i).ip().text());
            }
        }
        LabHost farm = world.add("farm", Lab.Side.POD, addresses.toArray(String[]::new));
        farm.addresses().forEach(address -> farm.listen(Protocol.UDP, new IpPort(address, PORT)));
    }

    /** The endpoint with this index. */
    static IpPort endpoint(IpFamily family, int index) {
        return new IpPort(
                switch (family) {
                    case IPV4 -> Ip.parse("10.244.1." + (100 + index));
                    case IPV6 -> Ip.parse("fd00:10:244:1::" + (100 + index));
                },
                PORT);
    }

    /** The Service's ClusterIP and port. */
    static IpPort virtual(IpFamily family) {
        return switch (family) {
            case IPV4 -> IpPort.parse("10.96.0.10:80");
            case IPV6 -> IpPort.parse("[fd00:10:96::10]:80");
        };
    }

    /** A cluster in which the Service has this number of endpoints. */
    static ClusterState state(int endpoints) throws IOException {
        return state(IntStream.range(0, endpoints).boxed().toList());
    }

    /** A cluster in which the Service has the endpoints with these indices. */
    static ClusterState state(Collection<Integer> endpoints) throws IOException {
        return Yaml.text(yaml(endpoints));
    }

    /** That cluster as YAML. */
    static String yaml(Collection<Integer> endpoints) {
        StringBuilder yaml = new StringBuilder(NODE_AND_SERVICE);
        for (IpFamily family : IpFamily.values()) {
            yaml.append("""
                    ---
                    apiVersion: discovery.k8s.io/v1
                    kind: EndpointSlice
                    metadata: {namespace: default, name: many-%s, labels: {kubernetes.io/service-name: many}}
                    addressType: %s
                    ports: [{name: echo, protocol: UDP, port: %d}]
                    endpoints:
                    """.formatted(family == IpFamily.IPV4 ? "ipv4" : "ipv6", family, PORT));
            for (int endpoint : endpoints) {
                yaml.append("  - {addresses: [\"")
                        .append(endpoint(family, endpoint).ip())
                        .append("\"], nodeName: node-a, conditions: {ready: true}}\n");
            }
        }
        return yaml.toString();
    }
}

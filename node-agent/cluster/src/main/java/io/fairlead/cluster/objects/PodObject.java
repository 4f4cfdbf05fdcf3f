package io.fairlead.cluster.objects;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.Protocol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pod, reduced to the fields from which Kubernetes computes endpoints. No proxy needs pods. They are read for exports
 * of a cluster that contain no EndpointSlices, such as the output of {@code kubectl cluster-info dump}.
 *
 * @param ready whether the condition Ready is true
 * @param ports the numbers of the container ports, by name
 */
record PodObject(
        String namespace,
        String name,
        Map<?, ?> labels,
        List<Ip> addresses,
        boolean onHostNetwork,
        @Nullable String nodeName,
        boolean ready,
        boolean terminating,
        Map<PortName, Integer> ports) {

    /** The name of a container port. Two ports of different protocols may have the same name. */
    record PortName(String name, Protocol protocol) {}

    /** Reads a pod; empty if the pod has ended or has no address yet, so that it is no endpoint. */
    static Optional<PodObject> read(Map<?, ?> tree, String defaultNamespace) {
        String phase = Trees.text(tree, "status", "phase");
        List<Ip> addresses = Trees.list(tree, "status", "podIPs")
                .map(address -> Trees.text(address, "ip"))
                .flatMap(text -> Checks.ip(text).stream())
                .toList();
        if (addresses.isEmpty() || phase.equals("Succeeded") || phase.equals("Failed")) {
            return Optional.empty();
        }
        String namespace = Trees.text(tree, "metadata", "namespace");
        String node = Trees.text(tree, "spec", "nodeName");
        return Optional.of(new PodObject(
                namespace.isEmpty() ? defaultNamespace : namespace,
                Trees.text(tree, "metadata", "name"),
                Trees.map(tree, "metadata", "labels"),
                addresses,
                Trees.flag(tree, "spec", "hostNetwork"),
                node.isEmpty() ? null : node,
                Trees.list(tree, "status", "conditions")
                        .anyMatch(condition -> Trees.text(condition, "type").equals("Ready")
                                && Trees.text(condition, "status").equals("True")),
                !Trees.text(tree, "metadata", "deletionTimestamp").isEmpty(),
                ports(tree)));
    }

    private static Map<PortName, Integer> ports(Map<?, ?> tree) {
        Map<PortName, Integer> ports = new HashMap<>();
        Trees.list(tree, "spec", "containers")
                .flatMap(container -> Trees.list(container, "ports"))
                .forEach(port -> {
                    String protocol = Trees.text(port, "protocol");
                    if (Trees.value(port, "containerPort") instanceof Number number) {
                        Protocol.parse(protocol.isEmpty() ? "TCP" : protocol)
                                .ifPresent(known -> ports.putIfAbsent(
                                        new PortName(Trees.text(port, "name"), known), number.intValue()));
                    }
                });
        return ports;
    }

    String fullName() {
        return namespace + "/" + name;
    }
}

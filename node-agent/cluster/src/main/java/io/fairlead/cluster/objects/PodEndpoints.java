package io.fairlead.cluster.objects;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The selector of a Service, from which the endpoint controller of Kubernetes 1.37 computes the slices of the Service.
 * This class computes them in the same way. It is used only for an export of a cluster that has pods and no slices.
 *
 * @param targets the ports of the Service with the ports of the pods
 * @param alsoNotReady whether pods that are not ready count as ready ({@code publishNotReadyAddresses})
 */
record PodEndpoints(ServiceName service, Map<?, ?> selector, List<Target> targets, boolean alsoNotReady) {

    /**
     * A port of the Service.
     *
     * @param target the number or the name of the pods' port; null if it is the port of the Service
     */
    record Target(
            String name,
            Protocol protocol,
            int port,
            @Nullable Object target) {
        private int of(PodObject pod) {
            return switch (target) {
                case Number number when number.intValue() > 0 -> number.intValue();
                case String text
                when !text.isEmpty() -> pod.ports().getOrDefault(new PodObject.PortName(text, protocol), 0);
                case null, default -> port;
            };
        }
    }

    static PodEndpoints read(ServiceName service, Map<?, ?> tree) {
        List<Target> targets = new ArrayList<>();
        Trees.list(tree, "spec", "ports").forEach(port -> {
            String protocol = Trees.text(port, "protocol");
            if (Trees.value(port, "port") instanceof Number number) {
                Protocol.parse(protocol.isEmpty() ? "TCP" : protocol)
                        .ifPresent(known -> targets.add(new Target(
                                Trees.text(port, "name"), known, number.intValue(), Trees.value(port, "targetPort"))));
            }
        });
        return new PodEndpoints(
                service,
                Trees.map(tree, "spec", "selector"),
                targets,
                Trees.flag(tree, "spec", "publishNotReadyAddresses"));
    }

    /** Returns the slices: one for each family, and for each set of port numbers that the pods have. */
    List<SliceObject> slices(ServiceObject object, List<PodObject> pods) {
        List<SliceObject> slices = new ArrayList<>();
        List<PodObject> selected = pods.stream().filter(this::selects).toList();
        // The name of a slice contains its number, so the order of the families must be the same in each process.
        for (IpFamily family : new TreeSet<>(object.clusterIps().keySet())) {
            Map<List<SliceObject.Port>, List<SliceObject.SliceEndpoint>> byPorts = new LinkedHashMap<>();
            for (PodObject pod : selected) {
                pod.addresses().stream()
                        .filter(ip -> ip.family() == family)
                        .findFirst()
                        .ifPresent(ip -> byPorts.computeIfAbsent(ports(pod), _ -> new ArrayList<>())
                                .add(endpoint(pod, ip)));
            }
            byPorts.forEach((ports, endpoints) -> slices.add(new SliceObject(
                    service, "Pods/" + service.name() + "/" + family + "/" + slices.size(), family, ports, endpoints)));
        }
        return slices;
    }

    private boolean selects(PodObject pod) {
        return !selector.isEmpty()
                && pod.namespace().equals(service.namespace())
                && selector.entrySet().stream()
                        .allMatch(wanted -> wanted.getValue() != null
                                && wanted.getValue().equals(pod.labels().get(wanted.getKey())));
    }

    private List<SliceObject.Port> ports(PodObject pod) {
        return targets.stream()
                .filter(target -> target.of(pod) > 0 && target.of(pod) <= 65535)
                .map(target -> new SliceObject.Port(target.name(), target.protocol(), target.of(pod)))
                .toList();
    }

    private SliceObject.SliceEndpoint endpoint(PodObject pod, Ip ip) {
        return new SliceObject.SliceEndpoint(
                ip,
                alsoNotReady || (pod.ready() && !pod.terminating()),
                pod.ready(),
                pod.terminating(),
                pod.nodeName(),
                Set.of(),
                Set.of());
    }
}

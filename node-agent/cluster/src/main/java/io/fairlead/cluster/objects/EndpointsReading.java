package io.fairlead.cluster.objects;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Converts one legacy Endpoints object to slices, one slice for each subset and IP family, as the mirroring controller
 * of Kubernetes does (EPS-17). These slices are used only for a Service without real slices. {@link Merging} decides
 * this when all slices are known.
 */
final class EndpointsReading {
    /** The fields that {@link #read} uses. */
    static final FieldMask FIELDS = FieldMask.object(Map.of(
            "subsets",
            new FieldMask(Map.of(
                    "addresses", FieldMask.whole("ip", "nodeName"),
                    "notReadyAddresses", FieldMask.whole("ip", "nodeName"),
                    "ports", FieldMask.PORTS))));

    private final ServiceName service;
    private final Endpoints endpoints;
    private final Findings findings;

    EndpointsReading(ServiceName service, Endpoints endpoints, Findings findings) {
        this.service = service;
        this.endpoints = endpoints;
        this.findings = findings;
    }

    /**
     * Returns the slices; empty if the object is set aside. The name of each slice contains a "/", which the name of a
     * real slice cannot contain.
     */
    Optional<List<SliceObject>> read() {
        List<SliceObject> slices = new ArrayList<>();
        int index = 0;
        for (EndpointSubset subset : Checks.orEmpty(endpoints.getSubsets())) {
            String field = "subsets[" + index + "]";
            List<SliceObject.Port> ports = ports(subset, field);
            Map<IpFamily, List<SliceObject.SliceEndpoint>> byFamily = new EnumMap<>(IpFamily.class);
            add(subset.getAddresses(), true, field + ".addresses", byFamily);
            add(subset.getNotReadyAddresses(), false, field + ".notReadyAddresses", byFamily);
            for (Map.Entry<IpFamily, List<SliceObject.SliceEndpoint>> entry : byFamily.entrySet()) {
                String name = "Endpoints/" + service.name() + "/" + index + "/" + entry.getKey();
                slices.add(new SliceObject(service, name, entry.getKey(), ports, entry.getValue()));
            }
            index++;
        }
        return findings.isSetAside() ? Optional.empty() : Optional.of(slices);
    }

    private List<SliceObject.Port> ports(EndpointSubset subset, String path) {
        List<SliceObject.Port> ports = new ArrayList<>();
        int index = 0;
        for (EndpointPort port : Checks.orEmpty(subset.getPorts())) {
            String field = path + ".ports[" + index++ + "]";
            String name = Checks.orEmpty(port.getName());
            Optional<Protocol> protocol = Checks.protocol(port.getProtocol(), field + ".protocol", findings);
            if (port.getPort() == null) {
                findings.setAside(field + ".port", "is missing");
                continue;
            }
            boolean nameIsGood = Checks.portName(name, field + ".name", findings);
            boolean portIsGood = Checks.port(port.getPort(), 1, field + ".port", findings);
            if (nameIsGood && portIsGood && protocol.isPresent()) {
                ports.add(new SliceObject.Port(name, protocol.get(), port.getPort()));
            }
        }
        return ports;
    }

    private void add(
            @Nullable List<EndpointAddress> addresses,
            boolean ready,
            String path,
            Map<IpFamily, List<SliceObject.SliceEndpoint>> byFamily) {
        int index = 0;
        for (EndpointAddress address : Checks.orEmpty(addresses)) {
            String field = path + "[" + index++ + "].ip";
            String text = Checks.orEmpty(address.getIp());
            Optional<Ip> ip = Checks.ip(text);
            if (ip.isEmpty()) {
                findings.leftOut(field, Checks.notAnAddress(text) + "; the endpoint is left out");
            } else {
                byFamily.computeIfAbsent(ip.get().family(), _ -> new ArrayList<>())
                        .add(new SliceObject.SliceEndpoint(
                                ip.get(), ready, ready, false, address.getNodeName(), Set.of(), Set.of()));
            }
        }
    }
}

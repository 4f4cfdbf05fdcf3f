package io.fairlead.cluster.objects;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks one EndpointSlice and reduces it to the fields that rules need (EPS-1 to EPS-11). */
final class SliceReading {
    /** The fields that {@link #read} uses. */
    static final FieldMask FIELDS = FieldMask.object(Map.of(
            "addressType", FieldMask.WHOLE,
            "ports", FieldMask.PORTS,
            "endpoints", FieldMask.whole("addresses", "nodeName", "conditions", "hints")));

    private static final String TRIGGERED = "endpoints.kubernetes.io/last-change-trigger-time";

    private final String namespace;
    private final String name;
    private final Map<String, String> labels;
    private final EndpointSlice slice;
    private final Findings findings;

    SliceReading(String namespace, String name, Map<String, String> labels, EndpointSlice slice, Findings findings) {
        this.namespace = namespace;
        this.name = name;
        this.labels = labels;
        this.slice = slice;
        this.findings = findings;
    }

    /** Returns the slice; empty if it is set aside or not meant for a proxy. */
    Optional<SliceObject> read() {
        if (labels.containsKey(Labels.HEADLESS)) {
            findings.ignored("metadata.labels", "has the label " + Labels.HEADLESS + "; ignored");
            return Optional.empty();
        }
        String service = Checks.orEmpty(labels.get(Labels.SERVICE_NAME));
        if (service.isEmpty()) {
            findings.ignored("metadata.labels", "has no label " + Labels.SERVICE_NAME + "; ignored");
            return Optional.empty();
        }
        if (!Names.isLabel(service)) {
            findings.setAside("metadata.labels", "not a Service's name: " + Names.quoted(service));
            return Optional.empty();
        }
        return family().map(family -> reduced(new ServiceName(namespace, service), family))
                .filter(_ -> !findings.isSetAside());
    }

    /**
     * Returns the time at which the pods of the slice changed (EPS-16), from an annotation in the format of RFC 3339.
     * Returns null if the annotation is absent or cannot be parsed.
     */
    static @Nullable Instant triggered(EndpointSlice slice) {
        Map<String, String> annotations =
                slice.getMetadata() == null ? null : slice.getMetadata().getAnnotations();
        String text = annotations == null ? null : annotations.get(TRIGGERED);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException _) {
            return null;
        }
    }

    private SliceObject reduced(ServiceName service, IpFamily family) {
        return new SliceObject(service, name, family, ports(), endpoints(family));
    }

    /** Reads the IP family (EPS-1). Returns empty and reports the reason if the address type is not an IP family. */
    private Optional<IpFamily> family() {
        String type = Checks.orEmpty(slice.getAddressType());
        switch (type) {
            case "IPv4" -> {
                return Optional.of(IpFamily.IPV4);
            }
            case "IPv6" -> {
                return Optional.of(IpFamily.IPV6);
            }
            case "FQDN" -> findings.ignored("addressType", "host names (FQDN) get no rules; ignored");
            case "" -> findings.setAside("addressType", "is missing");
            default -> findings.setAside("addressType", "not IPv4, IPv6 or FQDN: " + Names.quoted(type));
        }
        return Optional.empty();
    }

    /** Reads the ports (EPS-6). */
    private List<SliceObject.Port> ports() {
        List<SliceObject.Port> ports = new ArrayList<>();
        int index = 0;
        for (EndpointPort port : Checks.orEmpty(slice.getPorts())) {
            String field = "ports[" + index++ + "]";
            Optional<Protocol> protocol = Checks.protocol(port.getProtocol(), field + ".protocol", findings);
            if (port.getName() == null) {
                findings.skipped(
                        field + ".name", "is missing; the port is skipped (a port without a name has name: \"\")");
            } else if (port.getPort() == null || port.getPort() == 0) {
                findings.skipped(field + ".port", "is missing; the port is skipped");
            } else {
                boolean nameIsGood = Checks.portName(port.getName(), field + ".name", findings);
                boolean portIsGood = Checks.port(port.getPort(), 1, field + ".port", findings);
                if (nameIsGood && portIsGood && protocol.isPresent()) {
                    ports.add(new SliceObject.Port(port.getName(), protocol.get(), port.getPort()));
                }
            }
        }
        return ports;
    }

    private List<SliceObject.SliceEndpoint> endpoints(IpFamily family) {
        List<SliceObject.SliceEndpoint> endpoints = new ArrayList<>();
        int index = 0;
        for (Endpoint endpoint : Checks.orEmpty(slice.getEndpoints())) {
            address(endpoint, family, "endpoints[" + index++ + "].addresses")
                    .ifPresent(ip -> endpoints.add(reduced(endpoint, ip)));
        }
        return endpoints;
    }

    /**
     * Reads the first address of an endpoint (EPS-4, EPS-5). Returns empty and reports the reason if the address cannot
     * be used.
     */
    private Optional<Ip> address(Endpoint endpoint, IpFamily family, String field) {
        List<String> addresses = Checks.orEmpty(endpoint.getAddresses());
        if (addresses.isEmpty()) {
            findings.leftOut(field, "is empty; the endpoint is left out");
            return Optional.empty();
        }
        String text = Checks.orEmpty(addresses.getFirst());
        Optional<Ip> ip = Checks.ip(text);
        if (ip.isEmpty()) {
            findings.leftOut(field + "[0]", Checks.notAnAddress(text) + "; the endpoint is left out");
        } else if (ip.get().family() != family) {
            findings.leftOut(field + "[0]", text + " is not " + family + " (addressType); the endpoint is left out");
            return Optional.empty();
        }
        return ip;
    }

    /** Reduces one endpoint to the fields that rules need (EPS-7, EPS-11). */
    private static SliceObject.SliceEndpoint reduced(Endpoint endpoint, Ip ip) {
        EndpointConditions conditions =
                endpoint.getConditions() == null ? new EndpointConditions() : endpoint.getConditions();
        EndpointHints hints = endpoint.getHints() == null ? new EndpointHints() : endpoint.getHints();
        return new SliceObject.SliceEndpoint(
                ip,
                isTrue(conditions.getReady(), true),
                isTrue(conditions.getServing(), true),
                isTrue(conditions.getTerminating(), false),
                endpoint.getNodeName(),
                Checks.orEmpty(hints.getForZones()).stream()
                        .map(zone -> Checks.orEmpty(zone.getName()))
                        .collect(Collectors.toUnmodifiableSet()),
                Checks.orEmpty(hints.getForNodes()).stream()
                        .map(node -> Checks.orEmpty(node.getName()))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private static boolean isTrue(@Nullable Boolean value, boolean fallback) {
        return value == null ? fallback : value;
    }
}

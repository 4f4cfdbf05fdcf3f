package io.fairlead.cluster.objects;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.LoadBalancerStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.SessionAffinityConfig;
import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.cluster.Annotations;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SourceRanges;
import io.fairlead.core.cluster.TrafficPolicy;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks one Service and reduces it to the fields that rules need (SVC-1 to SVC-21). */
final class ServiceReading {
    /** The fields that {@link #read} uses. */
    static final FieldMask FIELDS = FieldMask.object(Map.of(
            "spec",
                    FieldMask.whole(
                                    "type",
                                    "clusterIP",
                                    "clusterIPs",
                                    "ipFamilies",
                                    "externalIPs",
                                    "loadBalancerSourceRanges",
                                    "internalTrafficPolicy",
                                    "externalTrafficPolicy",
                                    "sessionAffinity",
                                    "sessionAffinityConfig",
                                    "healthCheckNodePort")
                            .with("ports", FieldMask.PORTS),
            "status", FieldMask.of("loadBalancer", FieldMask.of("ingress", FieldMask.whole("ip", "ipMode"))),
            "metadata", AnnotationReading.FIELDS));

    private static final String NONE = "None";
    private static final int DEFAULT_AFFINITY_SECONDS = 10_800;

    private final ServiceName name;
    private final Map<String, String> labels;
    private final ServiceSpec spec;
    private final Service service;
    private final Findings findings;

    ServiceReading(ServiceName name, Map<String, String> labels, Service service, Findings findings) {
        this.name = name;
        this.labels = labels;
        this.service = service;
        this.spec = service.getSpec() == null ? new ServiceSpec() : service.getSpec();
        this.findings = findings;
    }

    /** Returns the Service; empty if it is set aside. */
    Optional<ServiceObject> read() {
        Optional<ServiceObject.Type> type = Checks.word(
                spec.getType(), ServiceObject.Type.class, ServiceObject.Type.CLUSTER_IP, "spec.type", findings);
        Optional<TrafficPolicy> internal = policy(spec.getInternalTrafficPolicy(), "spec.internalTrafficPolicy");
        Optional<TrafficPolicy> external = policy(spec.getExternalTrafficPolicy(), "spec.externalTrafficPolicy");
        Optional<Affinity> affinity = affinity();
        ServiceObject.Selection selection = selection();
        boolean addressed =
                type.filter(ServiceObject.Type.EXTERNAL_NAME::equals).isEmpty()
                        && !firstClusterIp().isEmpty()
                        && !firstClusterIp().equals(NONE);
        Map<IpFamily, Ip> clusterIps = addressed ? clusterIps() : Map.of();
        List<ServiceObject.Port> ports = ports();
        int healthCheckNodePort = spec.getHealthCheckNodePort() == null ? 0 : spec.getHealthCheckNodePort();
        Checks.port(healthCheckNodePort, 0, "spec.healthCheckNodePort", findings);
        List<Ip> externalIps = externalIps();
        List<Ip> loadBalancerIps = loadBalancerIps();
        SourceRanges sourceRanges = sourceRanges();
        if (findings.isSetAside()) {
            return Optional.empty();
        }
        return Optional.of(new ServiceObject(
                name,
                type.orElseThrow(),
                selection,
                clusterIps,
                ports,
                externalIps,
                loadBalancerIps,
                sourceRanges,
                internal.orElseThrow(),
                external.orElseThrow(),
                affinity.orElseThrow(),
                healthCheckNodePort,
                annotations()));
    }

    private Annotations annotations() {
        return service.getMetadata() == null ? Annotations.NONE : AnnotationReading.read(service.getMetadata());
    }

    /** Returns whether this proxy serves the Service, or the reason why it does not (SVC-1, SVC-3). */
    private ServiceObject.Selection selection() {
        if (labels.containsKey(Labels.SERVICE_PROXY_NAME)) {
            return ServiceObject.Selection.OTHER_PROXY;
        }
        return switch (firstClusterIp()) {
            case NONE -> ServiceObject.Selection.HEADLESS;
            case "" -> ServiceObject.Selection.NO_CLUSTER_IP;
            default -> ServiceObject.Selection.SERVED;
        };
    }

    private String firstClusterIp() {
        String single = Checks.orEmpty(spec.getClusterIP());
        List<String> several = Checks.orEmpty(spec.getClusterIPs());
        return single.isEmpty() && !several.isEmpty() ? Checks.orEmpty(several.getFirst()) : single;
    }

    /**
     * Reads the ClusterIPs (SVC-9, SVC-10). An object in a file may have only the field clusterIP; the API server would
     * add clusterIPs and ipFamilies.
     */
    private Map<IpFamily, Ip> clusterIps() {
        Map<IpFamily, Ip> byFamily = new EnumMap<>(IpFamily.class);
        List<String> families = Checks.orEmpty(spec.getIpFamilies());
        if (families.isEmpty()) {
            Ip ip = clusterIp(firstClusterIp(), "spec.clusterIP");
            if (ip != null) {
                byFamily.put(ip.family(), ip);
            }
            return byFamily;
        }
        boolean several = !Checks.orEmpty(spec.getClusterIPs()).isEmpty();
        List<String> addresses = several ? spec.getClusterIPs() : List.of(firstClusterIp());
        for (int i = 0; i < families.size(); i++) {
            String familyField = "spec.ipFamilies[" + i + "]";
            Optional<IpFamily> family =
                    Checks.word(families.get(i), IpFamily.class, IpFamily.IPV4, familyField, findings);
            if (family.isEmpty() || i >= addresses.size()) {
                continue;
            }
            String field = several ? "spec.clusterIPs[" + i + "]" : "spec.clusterIP";
            Ip ip = clusterIp(addresses.get(i), field);
            if (ip != null && ip.family() != family.get()) {
                findings.setAside(field, ip + " is not of family " + family.get() + " (" + familyField + ")");
            } else if (ip != null && byFamily.put(family.get(), ip) != null) {
                findings.setAside(familyField, "duplicate family: " + family.get());
            }
        }
        return byFamily;
    }

    private @Nullable Ip clusterIp(String text, String field) {
        Optional<Ip> ip = Checks.ip(Checks.orEmpty(text));
        if (ip.isEmpty()) {
            findings.setAside(field, Checks.notAnAddress(Checks.orEmpty(text)));
        }
        return ip.orElse(null);
    }

    private List<ServiceObject.Port> ports() {
        record Identity(String name, @Nullable Protocol protocol) {}
        List<ServiceObject.Port> ports = new ArrayList<>();
        Set<Identity> seen = new HashSet<>();
        int index = 0;
        for (ServicePort port : Checks.orEmpty(spec.getPorts())) {
            String field = "spec.ports[" + index++ + "]";
            String portName = Checks.orEmpty(port.getName());
            Optional<Protocol> protocol = Checks.protocol(port.getProtocol(), field + ".protocol", findings);
            int nodePort = port.getNodePort() == null ? 0 : port.getNodePort();
            if (port.getPort() == null) {
                findings.setAside(field + ".port", "is missing");
                continue;
            }
            boolean nameIsGood = Checks.portName(portName, field + ".name", findings);
            boolean portIsGood = Checks.port(port.getPort(), 1, field + ".port", findings);
            boolean nodePortIsGood = Checks.port(nodePort, 0, field + ".nodePort", findings);
            if (nameIsGood && portIsGood && nodePortIsGood && protocol.isPresent()) {
                ports.add(new ServiceObject.Port(portName, protocol.get(), port.getPort(), nodePort));
                if (!seen.add(new Identity(portName, portName.isEmpty() ? protocol.get() : null))) {
                    findings.setAside(
                            field + ".name",
                            "another port of this Service has the same name: " + Names.quoted(portName));
                }
            }
        }
        return ports;
    }

    /** Reads the external IPs (SVC-12). */
    private List<Ip> externalIps() {
        List<Ip> ips = new ArrayList<>();
        int index = 0;
        for (String text : Checks.orEmpty(spec.getExternalIPs())) {
            String field = "spec.externalIPs[" + index++ + "]";
            if (!Checks.orEmpty(text).isBlank()) {
                Checks.ip(text)
                        .ifPresentOrElse(
                                ips::add,
                                () -> findings.skipped(field, Checks.notAnAddress(text) + "; the entry is skipped"));
            }
        }
        return ips;
    }

    /** Reads the load balancer IPs (SVC-13, SVC-15, SVC-18). */
    private List<Ip> loadBalancerIps() {
        LoadBalancerStatus status =
                service.getStatus() == null ? null : service.getStatus().getLoadBalancer();
        List<Ip> ips = new ArrayList<>();
        int index = 0;
        for (LoadBalancerIngress ingress : Checks.orEmpty(status == null ? null : status.getIngress())) {
            String field = "status.loadBalancer.ingress[" + index++ + "].ip";
            String text = Checks.orEmpty(ingress.getIp());
            if (!text.isEmpty() && !"Proxy".equals(ingress.getIpMode())) {
                Checks.ip(text)
                        .ifPresentOrElse(
                                ips::add,
                                () -> findings.skipped(field, Checks.notAnAddress(text) + "; the entry is skipped"));
            }
        }
        return ips;
    }

    /**
     * Reads the source ranges (SVC-16). A range that cannot be parsed admits no client. kube-proxy ignores such a
     * range. If it is the only range, kube-proxy admits all clients.
     */
    private SourceRanges sourceRanges() {
        List<Cidr> ranges = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        int index = 0;
        for (String text : Checks.orEmpty(spec.getLoadBalancerSourceRanges())) {
            String field = "spec.loadBalancerSourceRanges[" + index++ + "]";
            Checks.cidr(Checks.orEmpty(text).strip()).ifPresentOrElse(ranges::add, () -> {
                unreadable.add(field);
                findings.skipped(
                        field,
                        Checks.notAPrefix(Checks.orEmpty(text))
                                + "; the entry admits no client, and an IP family without any valid range admits no client at"
                                + " all");
            });
        }
        return new SourceRanges(ranges, !unreadable.isEmpty());
    }

    private Optional<TrafficPolicy> policy(@Nullable String text, String field) {
        return Checks.word(text, TrafficPolicy.class, TrafficPolicy.CLUSTER, field, findings);
    }

    /** Reads the session affinity (SVC-21). */
    private Optional<Affinity> affinity() {
        String text = Checks.orEmpty(spec.getSessionAffinity());
        switch (text) {
            case "", NONE -> {
                return Optional.of(new Affinity.None());
            }
            case "ClientIP" -> {
                SessionAffinityConfig config = spec.getSessionAffinityConfig();
                Integer seconds = config == null || config.getClientIP() == null
                        ? null
                        : config.getClientIP().getTimeoutSeconds();
                int timeout = seconds == null ? DEFAULT_AFFINITY_SECONDS : seconds;
                if (timeout >= 1 && timeout <= 86_400) {
                    return Optional.of(new Affinity.ClientIp(timeout));
                }
                findings.setAside(
                        "spec.sessionAffinityConfig.clientIP.timeoutSeconds", "not in 1 to 86400: " + timeout);
            }
            default -> findings.setAside("spec.sessionAffinity", "not None or ClientIP: " + Names.quoted(text));
        }
        return Optional.empty();
    }
}

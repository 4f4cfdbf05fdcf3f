package io.fairlead.cluster.objects;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeSpec;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks one Node and reduces it to the fields that rules need (PROTO-8, TP-18, MQ-11, HTTP-6). */
final class NodeReading {
    /** The fields that {@link #read} uses. */
    static final FieldMask FIELDS = FieldMask.object(Map.of(
            "spec", FieldMask.whole("podCIDR", "podCIDRs").with("taints", FieldMask.whole("key")),
            "status", FieldMask.of("addresses", FieldMask.whole("type", "address"))));

    private static final String LEAVING = "ToBeDeletedByClusterAutoscaler";

    private final String name;
    private final Map<String, String> labels;
    private final Node node;
    private final NodeSpec spec;
    private final Findings findings;

    NodeReading(String name, Map<String, String> labels, Node node, Findings findings) {
        this.name = name;
        this.labels = labels;
        this.node = node;
        this.spec = node.getSpec() == null ? new NodeSpec() : node.getSpec();
        this.findings = findings;
    }

    NodeObject read() {
        List<Ip> addresses = new ArrayList<>(addresses("InternalIP"));
        addresses.addAll(addresses("ExternalIP"));
        return new NodeObject(name, Checks.orEmpty(labels.get(Labels.ZONE)), addresses, podCidrs(), beingDeleted());
    }

    private List<Ip> addresses(String type) {
        List<NodeAddress> listed = Checks.orEmpty(
                node.getStatus() == null ? null : node.getStatus().getAddresses());
        List<Ip> ips = new ArrayList<>();
        for (int i = 0; i < listed.size(); i++) {
            String field = "status.addresses[" + i + "].address";
            String text = Checks.orEmpty(listed.get(i).getAddress());
            if (type.equals(listed.get(i).getType())) {
                Checks.ip(text)
                        .ifPresentOrElse(
                                ips::add,
                                () -> findings.skipped(field, Checks.notAnAddress(text) + "; the entry is skipped"));
            }
        }
        return ips;
    }

    private List<Cidr> podCidrs() {
        List<String> several = Checks.orEmpty(spec.getPodCIDRs());
        String single = Checks.orEmpty(spec.getPodCIDR());
        List<String> texts = several.isEmpty() && !single.isEmpty() ? List.of(single) : several;
        List<Cidr> cidrs = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String field = several.isEmpty() ? "spec.podCIDR" : "spec.podCIDRs[" + i + "]";
            String text = Checks.orEmpty(texts.get(i));
            Checks.cidr(text)
                    .ifPresentOrElse(
                            cidrs::add,
                            () -> findings.skipped(field, Checks.notAPrefix(text) + "; the entry is skipped"));
        }
        return cidrs;
    }

    private boolean beingDeleted() {
        return node.getMetadata().getDeletionTimestamp() != null
                || Checks.orEmpty(spec.getTaints()).stream().anyMatch(taint -> LEAVING.equals(taint.getKey()));
    }
}

package io.fairlead.core.plan;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;

/** The method by which the node recognizes packets from its own pods (MQ-8), in one address family. */
public sealed interface LocalDetector {

    /** No detection: no packet counts as a packet from a local pod (MQ-9, TP-15). */
    record None() implements LocalDetector {}

    /** Pods are recognized by their source address (ClusterCIDR, NodeCIDR). */
    record SourceCidr(Cidr cidr) implements LocalDetector {}

    /** Pods are recognized by the interface through which their packets arrive (BridgeInterface). */
    record Interface(InterfaceName name) implements LocalDetector {}

    /**
     * Pods are recognized by the first characters of the name of the interface through which their packets arrive
     * (InterfaceNamePrefix).
     */
    record InterfacePrefix(InterfaceName prefix) implements LocalDetector {}
}

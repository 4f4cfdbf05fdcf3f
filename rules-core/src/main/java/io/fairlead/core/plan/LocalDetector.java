package io.fairlead.core.plan;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;

/** How the node knows a packet of a pod of its own (MQ-8), in one family. */
public sealed interface LocalDetector {

    /** It does not: no packet counts as a pod's (MQ-9, TP-15). */
    record None() implements LocalDetector {}

    /** By source address (ClusterCIDR, NodeCIDR). */
    record SourceCidr(Cidr cidr) implements LocalDetector {}

    /** By the interface it comes in on (BridgeInterface). */
    record Interface(InterfaceName name) implements LocalDetector {}

    /** By the first letters of that interface's name (InterfaceNamePrefix). */
    record InterfacePrefix(InterfaceName prefix) implements LocalDetector {}
}

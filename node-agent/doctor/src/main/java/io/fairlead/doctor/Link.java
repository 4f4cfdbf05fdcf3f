package io.fairlead.doctor;

/**
 * A network interface.
 *
 * @param kind the kind as ip shows it: "veth", "bridge", "vxlan", "dummy"; "" for a physical interface
 * @param mtu the size of the largest packet
 */
public record Link(String name, String kind, int mtu, boolean loopback) {
    /** Returns whether the interface may connect pods: a veth, or a bridge of several veths. */
    boolean isOfPods() {
        return kind.equals("veth") || kind.equals("bridge");
    }

    /**
     * Returns whether packets leave the node through this interface without a tunnel of the network plugin: a physical
     * interface, a bond or a VLAN.
     */
    boolean isOfNode() {
        return (kind.isEmpty() || kind.equals("bond") || kind.equals("vlan")) && !loopback;
    }
}

package io.fairlead.doctor;

/**
 * A network interface.
 *
 * @param kind the kind as ip shows it: "veth", "bridge", "vxlan", "dummy"; "" for a physical interface
 * @param mtu the size of the largest packet
 */
public record Link(String name, String kind, int mtu, boolean loopback) {
    /** Returns whether a pod may be at the other end: a veth, or the bridge of such. */
    boolean isOfPods() {
        return kind.equals("veth") || kind.equals("bridge");
    }

    /** Returns whether packets leave the node here, without a tunnel of the network plugin. */
    boolean isOfNode() {
        return (kind.isEmpty() || kind.equals("bond") || kind.equals("vlan")) && !loopback;
    }
}

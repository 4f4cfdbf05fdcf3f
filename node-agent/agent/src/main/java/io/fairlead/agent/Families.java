package io.fairlead.agent;

import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodeSettings.DetectLocal;
import java.util.ArrayList;
import java.util.List;

/**
 * The IP families of the node. This class also finds configured ranges that contain only addresses of the wrong family
 * (PROTO-7, PROTO-10).
 *
 * @param primary the IP family whose rules must work
 * @param dual whether the node has the other family too
 */
record Families(IpFamily primary, boolean dual) {

    /**
     * A setting that has ranges, but no range of the primary IP family.
     *
     * @param fatal whether the agent cannot run, because without such a range it cannot recognise the addresses of pods
     */
    record Mismatch(String text, boolean fatal) {}

    /**
     * Returns the primary IP family: the family of the bind address if it is not 0.0.0.0 or ::, otherwise the family of
     * the Node's first address, otherwise IPv4 (PROTO-7).
     */
    static IpFamily primary(KubeProxyConfig config, NodeObject node) {
        Ip bound = config.bindAddress();
        if (!bound.equals(bound.masked(0))) {
            return bound.family();
        }
        return node.addresses().stream().findFirst().map(Ip::family).orElse(IpFamily.IPV4);
    }

    /** Returns the settings that have no range of the primary IP family (PROTO-10). */
    List<Mismatch> mismatches(KubeProxyConfig config, NodeObject node) {
        List<Mismatch> found = new ArrayList<>();
        if (areAllOfTheOther(config.clusterCidrs())) {
            found.add(new Mismatch(
                    about("clusterCIDR"), config.detectLocal() instanceof DetectLocal.ClusterCidr && !dual));
        }
        if (!config.nodePortAddresses().primaryAddresses()
                && areAllOfTheOther(config.nodePortAddresses().ranges())) {
            found.add(new Mismatch(about("nodePortAddresses"), false));
        }
        if (areAllOfTheOther(node.podCidrs())) {
            found.add(new Mismatch(
                    about("spec.podCIDRs of Node " + node.name()),
                    config.detectLocal() instanceof DetectLocal.NodeCidr));
        }
        return found;
    }

    private boolean areAllOfTheOther(List<Cidr> cidrs) {
        return !cidrs.isEmpty() && cidrs.stream().noneMatch(cidr -> cidr.family() == primary);
    }

    private String about(String what) {
        IpFamily other = primary == IpFamily.IPV4 ? IpFamily.IPV6 : IpFamily.IPV4;
        return "this node is " + primary + (dual ? "-primary" : "-only") + ", but " + what + " has only " + other
                + " ranges";
    }
}

package io.fairlead.inspect.bundle;

import io.fairlead.linux.node.NodeFacts;
import java.util.ArrayList;
import java.util.List;

/** The settings of the kernel that influence packets to Services. */
final class Sysctls {
    private static final List<String> ALWAYS = List.of(
            "net/bridge/bridge-nf-call-arptables",
            "net/bridge/bridge-nf-call-ip6tables",
            "net/bridge/bridge-nf-call-iptables",
            "net/ipv4/ip_forward",
            "net/ipv4/ip_local_port_range",
            "net/ipv4/ip_local_reserved_ports",
            "net/ipv4/vs/conntrack",
            "net/ipv6/conf/all/forwarding",
            "net/ipv4/tcp_mtu_probing",
            "net/netfilter/nf_conntrack_buckets",
            "net/netfilter/nf_conntrack_count",
            "net/netfilter/nf_conntrack_max",
            "net/netfilter/nf_conntrack_tcp_be_liberal",
            "net/netfilter/nf_conntrack_tcp_loose",
            "net/netfilter/nf_conntrack_tcp_timeout_close_wait",
            "net/netfilter/nf_conntrack_tcp_timeout_established",
            "net/netfilter/nf_conntrack_udp_timeout",
            "net/netfilter/nf_conntrack_udp_timeout_stream");

    private static final List<String> OF_INTERFACES = List.of("accept_local", "route_localnet", "rp_filter");
    private static final String FOLDER = "net/ipv4/conf";
    private static final int MOST_INTERFACES = 1_000;

    private Sysctls() {}

    /** Returns a name as sysctl(8) writes it: dots and slashes of "net/ipv4/conf/eth0.5/rp_filter" change places. */
    static String dotted(String name) {
        StringBuilder dotted = new StringBuilder();
        name.chars().forEach(c -> dotted.append(c == '/' ? '.' : c == '.' ? '/' : (char) c));
        return dotted.toString();
    }

    static List<String> names(NodeFacts facts) {
        List<String> names = new ArrayList<>(ALWAYS);
        facts.names("/proc/sys/" + FOLDER).stream()
                .limit(MOST_INTERFACES)
                .forEach(device -> OF_INTERFACES.forEach(setting -> names.add(FOLDER + "/" + device + "/" + setting)));
        return names;
    }
}

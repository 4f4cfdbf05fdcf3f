package io.fairlead.vm;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.lab.Lab;
import io.fairlead.lab.LabHost;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The node node-a and the hosts around it. Each host's addresses of both families end in the same digits. The host
 * "internet" is the node's default route and accepts every packet to a virtual address. So a packet that no rule
 * translates arrives there, which distinguishes it from a dropped packet.
 */
final class World implements AutoCloseable {
    private record Place(Protocol protocol, IpPort at) {}

    static final String NODE_NAME = "node-a";

    /** Ranges of the virtual addresses of written clusters. */
    private static final List<String> VIRTUAL =
            List.of("10.96.0.0/16", "198.51.100.0/24", "fd00:10:96::/112", "2001:db8:100::/64");

    /** Ranges of the virtual addresses of random clusters, without the addresses of hosts that send packets. */
    private static final List<String> VIRTUAL_AT_RANDOM = List.of(
            "172.30.0.0/16",
            "198.51.100.0/32",
            "198.51.100.2/31",
            "198.51.100.4/30",
            "198.51.100.8/31",
            "fd00:172:30::/112",
            "2001:db8:5100::/64");

    private static final List<Ip> LOOPBACK = addresses("127.0.0.1", "::1");

    private static final ProcessRunner RUNNER = new ExecProcessRunner();
    private static final String PREFIX = "lab-vm";
    private static final List<Ip> NODE_ADDRESSES = addresses("192.168.0.10", "fd00:192:168::10");

    private final Lab lab;
    private final Map<Ip, LabHost> owners = new HashMap<>();
    private final LabHost internet;
    private final LabHost visitor;
    private final ProxyMode mode;
    private final Set<Place> places = new HashSet<>();

    /** A node with pods, another node, and clients inside and outside a source range. */
    World(ProxyMode mode) {
        this(mode, PREFIX);
    }

    /** The same hosts under another name, so that several worlds can exist at the same time. */
    World(ProxyMode mode, String name) {
        this(mode, VIRTUAL, Lab.open(RUNNER, name, NODE_ADDRESSES));
        populate();
    }

    /**
     * The same hosts around the network namespace of a running process, for example a container's. This namespace is
     * the node.
     */
    static World around(ProxyMode mode, long process) {
        World world = new World(mode, VIRTUAL, Lab.around(RUNNER, PREFIX, process, NODE_ADDRESSES));
        world.populate();
        return world;
    }

    private void populate() {
        try {
            add("node-b", Lab.Side.OUTSIDE, "192.168.0.11", "fd00:192:168::11", "10.244.2.11", "fd00:10:244:2::11");
            add("in-range", Lab.Side.OUTSIDE, "203.0.113.9", "2001:db8:113::9");
            add("out-of-range", Lab.Side.OUTSIDE, "203.0.113.99", "2001:db8:113::99");
            add("database", Lab.Side.OUTSIDE, "203.0.113.50", "2001:db8:113::50");
            add("pod-1", Lab.Side.POD, "10.244.1.11", "fd00:10:244:1::11");
            add("pod-2", Lab.Side.POD, "10.244.1.12", "fd00:10:244:1::12");
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    private World(ProxyMode mode, List<String> virtual, Lab lab) {
        this.mode = mode;
        this.lab = lab;
        try {
            lab.nodeAddresses().forEach(address -> owners.put(address, lab.node()));
            LOOPBACK.forEach(address -> owners.put(address, lab.node()));
            lab.node().sysctl("ipv4/conf/all/route_localnet", "1");
            internet = add("internet", Lab.Side.OUTSIDE, "192.168.0.254", "fd00:192:168::254");
            takeEverything(virtual);
            visitor = add("visitor", Lab.Side.POD, "10.244.1.200", "fd00:10:244:1::c8");
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    /**
     * A node with the hosts of {@link RandomCluster}. Every pod is a host of its own, so that a packet between two pods
     * passes the node.
     */
    static World ofRandomClusters(ProxyMode mode) {
        World world = new World(
                mode,
                VIRTUAL_AT_RANDOM,
                Lab.open(
                        RUNNER,
                        PREFIX,
                        addresses(
                                "192.168.0.10",
                                "192.168.1.10",
                                "100.64.1.1",
                                "fd00:192:168::10",
                                "fd00:192:168:1::10")));
        try {
            world.add("node-b", Lab.Side.OUTSIDE, "192.168.0.11", "fd00:192:168::11");
            world.add("in-range", Lab.Side.OUTSIDE, "203.0.113.2", "2001:db8:113::2");
            world.add("half-in-range", Lab.Side.OUTSIDE, "203.0.113.77", "2001:db8:113:1::77");
            world.add("far", Lab.Side.OUTSIDE, "198.51.100.200", "2001:db8:999::1");
            world.add("balancer", Lab.Side.OUTSIDE, balancerAddresses());
            world.add("pod-of-b", Lab.Side.OUTSIDE, "10.244.2.99", "fd00:10:244:2::63");
            for (int pod = 11; pod < 17; pod++) {
                String hex = Integer.toHexString(pod);
                world.add("near-" + pod, Lab.Side.POD, "10.244.1." + pod, "fd00:10:244:1::" + hex);
                world.add("remote-" + pod, Lab.Side.OUTSIDE, "10.244.2." + pod, "fd00:10:244:2::" + hex);
            }
            return world;
        } catch (RuntimeException e) {
            world.close();
            throw e;
        }
    }

    /** The load balancer IPs of the ten Services of a random cluster. They also send packets (LBF-4). */
    private static String[] balancerAddresses() {
        List<String> addresses = new ArrayList<>(List.of("198.51.100.1"));
        for (int service = 0; service < 10; service++) {
            addresses.add("198.51.100." + (100 + service));
            addresses.add("2001:db8:5200::" + service);
        }
        return addresses.toArray(String[]::new);
    }

    /** Adds a host. */
    LabHost add(String name, Lab.Side side, String... addresses) {
        LabHost host = lab.add(name, side, addresses(addresses));
        host.addresses().forEach(address -> owners.put(address, host));
        return host;
    }

    private void takeEverything(List<String> ranges) {
        for (String range : ranges) {
            ProcessResult result = RUNNER.inNamespace(internet.namespace())
                    .run(Command.of("ip", "route", "add", "local", range, "dev", "lo"));
            if (!result.succeeded()) {
                throw new IllegalStateException("no local route to " + range + ": " + result.error());
            }
        }
        internet.sysctl("ipv6/ip_nonlocal_bind", "1");
    }

    LabHost node() {
        return lab.node();
    }

    /** A pod without a Service. */
    LabHost visitor() {
        return visitor;
    }

    ProcessRunner nodeRunner() {
        return lab.nodeRunner();
    }

    /** The host with this address; "internet" if no host has it. */
    LabHost owner(Ip address) {
        return owners.getOrDefault(address, internet);
    }

    /** Starts a listener on the host with this address, unless there is one. */
    void listen(Protocol protocol, IpPort at) {
        if (places.add(new Place(protocol, at))) {
            owner(at.ip()).listen(protocol, at);
        }
    }

    /**
     * Empties the chain KUBE-FIREWALL. It is the kubelet's too, so Fairlead leaves it when node ports on loopback
     * addresses are switched off (NP-15, CLN-4). Here the settings of one cluster must not affect the next.
     */
    void forgetKubelet() {
        for (String program : List.of("iptables-nft", "ip6tables-nft", "iptables-legacy", "ip6tables-legacy")) {
            if (nodeRunner()
                    .run(Command.of(program, "-w", "-nL", "KUBE-FIREWALL"))
                    .succeeded()) {
                ProcessResult flushed = nodeRunner().run(Command.of(program, "-w", "-F", "KUBE-FIREWALL"));
                if (!flushed.succeeded()) {
                    throw new IllegalStateException("cannot empty KUBE-FIREWALL: " + flushed.error());
                }
            }
        }
    }

    Kernel<?, ?> kernel() {
        return Kernel.open(mode, lab.nodeRunner());
    }

    Host host() {
        return Host.of(lab.nodeAddresses());
    }

    /**
     * The source address of a masqueraded packet: the node's address on the link to the destination. A packet from
     * another host to the node itself is never masqueraded, whatever its mark, because it leaves by no link.
     */
    Ip masqueradeSource(Ip from, Ip destination) {
        if (owner(destination) == lab.node()) {
            return owner(from) == lab.node() ? destination : from;
        }
        boolean toPod = POD_CIDRS.stream().anyMatch(cidr -> cidr.contains(destination));
        return switch (destination.family()) {
            case IPV4 -> toPod ? Lab.POD_GATEWAY : address(IpFamily.IPV4);
            case IPV6 -> toPod ? Lab.POD_GATEWAY6 : address(IpFamily.IPV6);
        };
    }

    private static final List<Cidr> POD_CIDRS = List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:10:244:1::/64"));

    private Ip address(IpFamily family) {
        return lab.node().addresses().stream()
                .filter(address -> address.family() == family)
                .findFirst()
                .orElseThrow();
    }

    Plan plan(ClusterState state) {
        NodeSettings defaults = NodeSettings.defaults(mode, NODE_NAME);
        return Planner.plan(
                state,
                new NodeSettings(
                        mode,
                        NODE_NAME,
                        List.of(),
                        List.copyOf(lab.nodeAddresses()),
                        new NodeSettings.DetectLocal.ClusterCidr(
                                List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:10:244::/48"))),
                        defaults.nodePortAddresses(),
                        defaults.masqueradeBit(),
                        defaults.masqueradeAll(),
                        defaults.localhostNodePorts(),
                        defaults.tcpBeLiberal()));
    }

    @Override
    public void close() {
        lab.close();
    }

    private static List<Ip> addresses(String... texts) {
        return Arrays.stream(texts).map(Ip::parse).toList();
    }
}

package io.fairlead.vm;

import io.fairlead.agent.lab.Lab;
import io.fairlead.agent.lab.LabHost;
import io.fairlead.agent.process.ExecProcessRunner;
import io.fairlead.core.cluster.ClusterState;
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
import io.fairlead.core.process.Command;
import io.fairlead.core.process.ProcessResult;
import io.fairlead.core.process.ProcessRunner;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The node node-a and whoever it may meet. Hosts have an address in each family that end in the same digits. "internet" is
 * the node's way to everywhere else and takes every packet that comes for a virtual address: so a packet that no rule
 * translates is seen to arrive, and is not mistaken for one that a rule drops.
 */
final class World implements AutoCloseable {
    static final String NODE_NAME = "node-a";

    private final ProcessRunner runner = new ExecProcessRunner();
    private final Lab lab;
    private final Map<Ip, LabHost> owners = new HashMap<>();
    private final LabHost internet;
    private final LabHost visitor;
    private final ProxyMode mode;

    World(ProxyMode mode) {
        this.mode = mode;
        lab = Lab.open(runner, "lab-vm", addresses("192.168.0.10", "fd00:192:168::10"));
        try {
            lab.nodeAddresses().forEach(address -> owners.put(address, lab.node()));
            owners.put(Ip.parse("127.0.0.1"), lab.node());
            lab.node().sysctl("ipv4/conf/all/route_localnet", "1");
            internet = add("internet", Lab.Side.OUTSIDE, "192.168.0.254", "fd00:192:168::254");
            takeEverything();
            add("node-b", Lab.Side.OUTSIDE, "192.168.0.11", "fd00:192:168::11", "10.244.2.11", "fd00:10:244:2::11");
            add("in-range", Lab.Side.OUTSIDE, "203.0.113.9", "2001:db8:113::9");
            add("out-of-range", Lab.Side.OUTSIDE, "203.0.113.99", "2001:db8:113::99");
            add("database", Lab.Side.OUTSIDE, "203.0.113.50", "2001:db8:113::50");
            visitor = add("visitor", Lab.Side.POD, "10.244.1.200", "fd00:10:244:1::c8");
            add("pod-1", Lab.Side.POD, "10.244.1.11", "fd00:10:244:1::11");
            add("pod-2", Lab.Side.POD, "10.244.1.12", "fd00:10:244:1::12");
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    /** Adds a host. */
    LabHost add(String name, Lab.Side side, String... addresses) {
        LabHost host = lab.add(name, side, addresses(addresses));
        host.addresses().forEach(address -> owners.put(address, host));
        return host;
    }

    private void takeEverything() {
        for (String range : List.of("10.96.0.0/16", "198.51.100.0/24", "fd00:10:96::/112", "2001:db8:100::/64")) {
            ProcessResult result = runner.inNamespace(internet.namespace())
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

    /** A pod that no Service leads to. */
    LabHost visitor() {
        return visitor;
    }

    ProcessRunner nodeRunner() {
        return lab.nodeRunner();
    }

    /** Who has this address; whoever takes packets for it if nobody has it. */
    LabHost owner(Ip address) {
        return owners.getOrDefault(address, internet);
    }

    /** Lets whoever has the address answer there. */
    void listen(Protocol protocol, IpPort at) {
        owner(at.ip()).listen(protocol, at);
    }

    Kernel<?, ?> kernel() {
        return Kernel.open(mode, lab.nodeRunner());
    }

    Host host() {
        return Host.of(lab.nodeAddresses());
    }

    /** The source address of a masqueraded packet: the node's own on the link that leads to the destination. */
    Ip masqueradeSource(Ip destination) {
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

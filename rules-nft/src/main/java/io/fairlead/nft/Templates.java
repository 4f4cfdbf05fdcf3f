package io.fairlead.nft;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.TrafficPolicy;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.AllowedSources;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.LocalDetector;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.NodePortAddresses;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.nft.diff.TableDiff;
import io.fairlead.nft.layout.Names;
import io.fairlead.nft.render.Renderer;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One of each statement that is ever written: tables of an invented node with Services of every kind. */
final class Templates {
    /** A table name that no program uses. The check of an existing table would depend on its content. */
    private static final String TABLE = "fairlead-templates";

    private Templates() {}

    /** Returns commands for {@code nft -c}, which changes nothing. */
    static String commands() {
        StringBuilder commands = new StringBuilder();
        for (IpFamily family : IpFamily.values()) {
            for (NodePlan node : nodes(family)) {
                Table table = Renderer.table(Renderer.base(node), ports(family).map(port -> Renderer.port(node, port)));
                String text = new NftChange(List.of(TableDiff.between(null, table))).text() + forgetting(table);
                commands.append(text.replace(" " + Table.NAME, " " + TABLE + commands.length()));
            }
        }
        return commands.toString();
    }

    /**
     * Returns commands that add and delete clients, as the cleanup of affinity does. A deletion needs an element to
     * delete.
     */
    private static String forgetting(Table table) {
        StringBuilder commands = new StringBuilder();
        String client = ip(table.family(), 7).toString();
        for (SetName live : table.sets().keySet()) {
            Names.stickyOfLive(live).ifPresent(pool -> {
                String address = ip(table.family(), 100).toString();
                switch (table.family()) {
                    case IPV4 -> addAndDelete(commands, "ip", pool.remembered(), client, address + " . 8080");
                    case IPV6 -> {
                        addAndDelete(commands, "ip6", pool.remembered(), client, address);
                        addAndDelete(commands, "ip6", pool.rememberedPorts(), client, "8080");
                    }
                }
            });
        }
        return commands.toString();
    }

    private static void addAndDelete(StringBuilder commands, String family, SetName map, String client, String data) {
        String place = " element " + family + " " + Table.NAME + " " + map + " { " + client;
        commands.append("add").append(place).append(" : ").append(data).append(" }\n");
        commands.append("delete").append(place).append(" }\n");
    }

    private static List<NodePlan> nodes(IpFamily family) {
        Ip address = ip(family, 1);
        List<LocalDetector> detectors = List.of(
                new LocalDetector.None(),
                new LocalDetector.SourceCidr(new Cidr(ip(family, 0), family == IpFamily.IPV4 ? 24 : 64)),
                new LocalDetector.Interface(new InterfaceName("cni0")),
                new LocalDetector.InterfacePrefix(new InterfaceName("veth")));
        List<NodePlan> nodes = new ArrayList<>();
        for (LocalDetector detector : detectors) {
            boolean listed = nodes.size() % 2 == 0;
            nodes.add(new NodePlan(
                    family,
                    ProxyMode.NFTABLES,
                    detector,
                    listed ? new NodePortAddresses.Only(List.of(address)) : new NodePortAddresses.AnyLocal(false),
                    14,
                    listed,
                    false,
                    List.of(new Cidr(ip(family, 0), family == IpFamily.IPV4 ? 16 : 112)),
                    true));
        }
        return nodes;
    }

    private static Stream<PortPlan> ports(IpFamily family) {
        List<PortPlan> ports = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            for (TrafficPolicy policy : TrafficPolicy.values()) {
                for (Affinity affinity : List.of(new Affinity.None(), new Affinity.ClientIp(10_800))) {
                    ports.add(port(family, protocol, policy, affinity, ports.size()));
                }
            }
        }
        return ports.stream();
    }

    private static PortPlan port(
            IpFamily family, Protocol protocol, TrafficPolicy policy, Affinity affinity, int number) {
        List<Endpoint> endpoints = List.of(
                new Endpoint(new IpPort(ip(family, 100), 8080), Endpoint.Place.THIS_NODE),
                new Endpoint(new IpPort(ip(family, 101), 8080), Endpoint.Place.THIS_NODE));
        Ip clusterIp = ip(family, 10 + number);
        return new PortPlan(
                new ServicePortName(new ServiceName("fairlead", "template-" + number), "p", protocol),
                family,
                clusterIp,
                List.of(
                        new Frontend.ClusterIp(clusterIp, 80),
                        new Frontend.ExternalIp(ip(family, 30 + number), 80),
                        new Frontend.LoadBalancerIp(ip(family, 50 + number), 80),
                        new Frontend.NodePort(30_000 + number)),
                endpoints,
                endpoints,
                true,
                List.of(),
                policy,
                policy,
                affinity,
                new AllowedSources.Within(List.of(new Cidr(ip(family, 200), family.bits() - 3))),
                true,
                0);
    }

    private static Ip ip(IpFamily family, int last) {
        return Ip.parse(family == IpFamily.IPV4 ? "198.51.100." + last : "2001:db8::" + Integer.toHexString(last));
    }
}

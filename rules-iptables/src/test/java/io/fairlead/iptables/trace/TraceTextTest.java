package io.fairlead.iptables.trace;

import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.remote;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.core.fixture.ClusterObjects.slice;

import io.fairlead.core.fixture.Golden;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.trace.TraceStep;
import io.fairlead.core.trace.Tracer;
import io.fairlead.iptables.IptablesChange;
import io.fairlead.iptables.IptablesKernel;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.iptables.IptablesRuleset;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compares the text of the first path of a packet, rule by rule, with golden text. */
class TraceTextTest {
    private static final List<Ip> ADDRESSES = List.of(Ip.parse("192.168.0.10"), Ip.parse("127.0.0.1"));
    private static final String POD = "10.244.1.200";
    private static final String NODE = "192.168.0.10";
    private static final String OUTSIDE = "203.0.113.9";

    private final StringBuilder out = new StringBuilder();

    @Test
    void readsAsReviewed() {
        Tracer byCidr = tracer(new NodeSettings.DetectLocal.ClusterCidr(List.of(Cidr.parse("10.244.0.0/16"))), false);
        follow(byCidr, POD, "10.96.0.1", 80);
        follow(byCidr, OUTSIDE, "10.96.0.1", 80);
        follow(byCidr, "10.244.1.11", "10.96.0.1", 80);
        follow(byCidr, OUTSIDE, NODE, 30001);
        follow(byCidr, OUTSIDE, NODE, 30003);
        follow(byCidr, POD, "198.51.100.3", 80);
        follow(byCidr, NODE, "198.51.100.3", 80);
        follow(byCidr, OUTSIDE, "198.51.100.4", 80);
        follow(byCidr, "203.0.113.99", "198.51.100.4", 80);
        follow(byCidr, POD, "10.96.0.5", 80);
        follow(byCidr, OUTSIDE, NODE, 32003);
        follow(byCidr, OUTSIDE, "10.96.0.6", 80);
        Tracer byInterface = tracer(new NodeSettings.DetectLocal.BridgeInterface(new InterfaceName("cni0")), false);
        follow(byInterface, OUTSIDE, "10.96.0.1", 80);
        follow(byInterface, POD, "198.51.100.3", 80);
        Tracer all = tracer(new NodeSettings.DetectLocal.ClusterCidr(List.of()), true);
        follow(all, POD, "10.96.0.1", 80);
        Golden.assertMatches(Path.of("src/test/resources/golden/traces.txt"), out.toString());
    }

    private void follow(Tracer tracer, String from, String to, int port) {
        InterfaceName input = from.equals(POD) ? new InterfaceName("cni0") : null;
        Flow flow = new Flow(Protocol.TCP, Ip.parse(from), Ip.parse(to), port, input);
        out.append(flow.text()).append('\n');
        TracePath path = tracer.trace(flow).paths().getFirst();
        out.append("  ")
                .append(path.verdict().text())
                .append(path.endpoint() == null ? "" : " " + path.endpoint())
                .append(path.masquerade() ? ", masqueraded" : "")
                .append('\n');
        for (TraceStep step : path.steps()) {
            out.append("    ")
                    .append(step.place())
                    .append(": ")
                    .append(step.why())
                    .append('\n');
        }
    }

    private static Tracer tracer(NodeSettings.DetectLocal pods, boolean masqueradeAll) {
        NodeSettings defaults = NodeSettings.defaults(ProxyMode.IPTABLES, "node-a");
        Planner planner = new Planner(new NodeSettings(
                ProxyMode.IPTABLES,
                "node-a",
                List.of(),
                ADDRESSES,
                pods,
                defaults.nodePortAddresses(),
                defaults.masqueradeBit(),
                masqueradeAll,
                true,
                false));
        planner.put(but(service("plain", "10.96.0.1")).nodePort(30001).done());
        planner.put(slice("plain", ready("10.244.1.11"), ready("10.244.1.12"), remote("10.244.2.11")));
        planner.put(but(service("local", "10.96.0.3"))
                .loadBalancerIps("198.51.100.3")
                .nodePort(30003)
                .externalLocal()
                .healthCheckNodePort(32003)
                .done());
        planner.put(slice("local", ready("10.244.1.33"), remote("10.244.2.33")));
        planner.put(but(service("ranges", "10.96.0.4"))
                .loadBalancerIps("198.51.100.4")
                .sourceRanges("203.0.113.0/26")
                .done());
        planner.put(slice("ranges", ready("10.244.1.44")));
        planner.put(but(service("idle", "10.96.0.5")).done());
        planner.put(but(service("sticky", "10.96.0.6")).sticky(60).done());
        planner.put(slice("sticky", ready("10.244.1.66"), ready("10.244.1.67")));
        planner.update();
        Backend<IptablesRuleset, IptablesChange> backend = new IptablesKernel(
                        command -> {
                            throw new AssertionError("a pure function ran " + command.text());
                        },
                        IptablesOptions.defaults())
                .backend();
        return backend.layout().render(planner.plan()).tracer(Host.of(ADDRESSES));
    }
}

package io.fairlead.iptables.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.TraceStep;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.iptables.text.SaveReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketTracerTest {
    private static final Host HOST = Host.of(List.of(Ip.parse("192.168.0.10")));

    @ParameterizedTest
    @CsvSource({"cni0, false", "eth0, true", ", true"})
    void tellsPodsByTheInterfaceTheyComeInBy(String input, boolean masquerade) {
        Trace trace = trace(
                input,
                "-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                "-A KUBE-SERVICES ! -i cni0 -j KUBE-MARK-MASQ",
                "-A KUBE-SERVICES -p tcp -m tcp -j DNAT --to-destination 10.244.1.1:8080",
                "-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000",
                "-A POSTROUTING -m comment --comment \"kubernetes postrouting rules\" -j KUBE-POSTROUTING",
                "-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN",
                "-A KUBE-POSTROUTING -j MASQUERADE");
        assertThat(trace.outcome().verdict()).isEqualTo(Verdict.DNAT);
        assertThat(trace.outcome().masquerade()).isEqualTo(masquerade);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-A KUBE-SERVICES -m limit --limit 1/sec -j ACCEPT",
                "-A KUBE-SERVICES -j KUBE-SERVICES",
                "-A KUBE-SERVICES -j KUBE-SVC-AAAAAAAAAAAAAAAA"
            })
    void failsOnWhatItDoesNotKnow(String rule) {
        assertThatThrownBy(() -> trace(
                        null,
                        "-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                        rule))
                .isInstanceOf(UnknownRuleException.class)
                .hasMessageContaining("nat KUBE-SERVICES");
    }

    @Test
    void countersOfKubeProxysAreNoObstacle() {
        Trace trace = trace(
                null,
                "-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                "-A KUBE-SERVICES -d 127.0.0.0/8 -p tcp -m comment --comment \"default/local:http\" -m tcp --dport 31306"
                        + " -m nfacct --nfacct-name  localhost_nps_accepted_pkts -j KUBE-EXT-3ENVKKDUT2EZ6WIE",
                "-A KUBE-SERVICES -p tcp -m tcp -m nfacct --nfacct-name  some -j DNAT --to-destination 10.244.1.1:8080");
        assertThat(trace.outcome().verdict()).isEqualTo(Verdict.DNAT);
    }

    @Test
    void sharesAreWhatTheKernelsNumbersSay() {
        Trace trace = trace(
                null,
                "-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                "-A KUBE-SERVICES -m statistic --mode random --probability 0.25 -j KUBE-SEP-A",
                "-A KUBE-SERVICES -m recent --rcheck --seconds 9 --reap --name KUBE-SEP-A -j KUBE-SEP-A",
                "-A KUBE-SERVICES -j KUBE-SEP-B",
                "-A KUBE-SEP-A -p tcp -m tcp -j DNAT --to-destination 10.244.1.1:8080",
                "-A KUBE-SEP-B -p tcp -m tcp -j DNAT --to-destination 10.244.1.2:8080");
        assertThat(trace.shares().values()).containsExactly(0.25, 0.75);
        assertThat(trace.paths().getFirst().steps())
                .extracting(TraceStep::why)
                .contains("1 of 2 endpoints, 25 %", "sent to 10.244.1.1:8080");
    }

    @Test
    void anEndpointWithoutAChainIsChosenAndSentToByOneRule() {
        Trace trace = trace(
                null,
                "-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                "-A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-A",
                "-A KUBE-SVC-A -p tcp -m statistic --mode random --probability 0.5 -m tcp -j DNAT --to-destination"
                        + " 10.244.2.1:8080",
                "-A KUBE-SVC-A -j KUBE-SEP-B",
                "-A KUBE-SEP-B -p tcp -m tcp -j DNAT --to-destination 10.244.1.2:8080");

        assertThat(trace.shares().values()).containsExactly(0.5, 0.5);
        assertThat(trace.paths())
                .extracting(path -> path.steps().getLast().why())
                .containsExactlyInAnyOrder(
                        "1 of 2 endpoints, each 50 %: sent to 10.244.2.1:8080", "sent to 10.244.1.2:8080");
    }

    /** The rules that kube-proxy 1.24 and kubelet 1.24 write for a load balancer IP under policy Local. */
    private static final String OLD = """
            *nat
            -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
            -A KUBE-SERVICES -d 192.168.0.10/32 -p tcp -m comment --comment "default/web:http loadbalancer IP" -m tcp --dport 80 -j KUBE-FW-A
            -A KUBE-FW-A -s 203.0.113.0/26 -m comment --comment "default/web:http loadbalancer IP" -j KUBE-XLB-A
            -A KUBE-FW-A -m comment --comment "default/web:http loadbalancer IP" -j KUBE-MARK-DROP
            -A KUBE-MARK-DROP -j MARK --set-xmark 0x8000/0x8000
            -A KUBE-XLB-A -s 10.244.0.0/16 -m comment --comment "Redirect pods trying to reach external loadbalancer VIP to clusterIP" -j KUBE-SVC-A
            -A KUBE-XLB-A -m comment --comment "masquerade LOCAL traffic for default/web:http LB IP" -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ
            -A KUBE-XLB-A -m comment --comment "route LOCAL traffic for default/web:http LB IP to service chain" -m addrtype --src-type LOCAL -j KUBE-SVC-A
            -A KUBE-XLB-A LAST
            -A KUBE-SVC-A -j KUBE-SEP-B
            -A KUBE-SEP-A -p tcp -m tcp -j DNAT --to-destination 10.244.1.1:8080
            -A KUBE-SEP-B -p tcp -m tcp -j DNAT --to-destination 10.244.2.2:8080
            COMMIT
            *filter
            -A INPUT -j KUBE-FIREWALL
            -A KUBE-FIREWALL -m comment --comment "kubernetes firewall for dropping marked packets" -m mark --mark 0x8000/0x8000 -j DROP
            COMMIT
            """;

    @ParameterizedTest
    @CsvSource({
        "true, 203.0.113.2, DNAT, 1 of 1 endpoints",
        "true, 203.0.113.99, DROP, no earlier rule accepted the packet: will be dropped",
        "false, 203.0.113.2, DROP, no endpoint on this node can serve the packet: will be dropped",
    })
    void chainsOfOldKubeProxiesAreFollowed(boolean localEndpoint, String from, Verdict verdict, String why) {
        String last = localEndpoint
                ? "-A KUBE-XLB-A -m comment --comment \"Balancing rule 0 for default/web:http\" -j KUBE-SEP-A"
                : "-A KUBE-XLB-A -m comment --comment \"default/web:http has no local endpoints\" -j KUBE-MARK-DROP";
        Trace trace = tracer(OLD.replace("-A KUBE-XLB-A LAST", last))
                .trace(new Flow(Protocol.TCP, Ip.parse(from), Ip.parse("192.168.0.10"), 80));
        assertThat(trace.outcome().verdict()).as(trace.toString()).isEqualTo(verdict);
        assertThat(trace.paths().getFirst().steps())
                .extracting(TraceStep::why)
                .anyMatch(reason -> reason.startsWith(why));
    }

    @Test
    void packetsOfTheNodeToItselfPassOutputAndInput() {
        Flow flow = new Flow(Protocol.TCP, Ip.parse("192.168.0.10"), Ip.parse("192.168.0.10"), 30080);
        Trace trace = tracer("""
                *filter
                -A INPUT -m comment --comment "kubernetes health check service ports" -j KUBE-NODEPORTS
                -A OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                -A KUBE-SERVICES -m addrtype --src-type LOCAL
                -A KUBE-NODEPORTS -p tcp -m tcp --dport 30080 -j ACCEPT
                COMMIT
                """).trace(flow);
        assertThat(trace.outcome().verdict()).isEqualTo(Verdict.ACCEPT);
        assertThat(trace.paths().getFirst().steps())
                .extracting(TraceStep::place)
                .containsExactly("filter OUTPUT", "filter KUBE-SERVICES", "filter INPUT", "filter KUBE-NODEPORTS");
    }

    private static Trace trace(String input, String... nat) {
        Flow flow = new Flow(
                Protocol.TCP,
                Ip.parse("203.0.113.2"),
                Ip.parse("10.96.0.10"),
                80,
                input == null ? null : new InterfaceName(input));
        return tracer("*nat\n" + String.join("\n", nat) + "\nCOMMIT\n").trace(flow);
    }

    private static PacketTracer tracer(String save) {
        return new PacketTracer(Map.of(IpFamily.IPV4, SaveReader.read(IpFamily.IPV4, save)), HOST);
    }
}

package io.fairlead.agent.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cluster.objects.ClusterReader;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.iptables.IptablesBackend;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.nft.NftBackend;
import io.fairlead.nft.kernel.NftProgram;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rules as kube-proxy writes them, in the words of the tools that list them; no kernel. */
final class KernelComparisonTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final String OBJECTS = """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: LoadBalancer, clusterIP: 10.96.0.10, externalTrafficPolicy: Local,
              ports: [{name: http, port: 80, nodePort: 30080}]}
            status: {loadBalancer: {ingress: [{ip: 203.0.113.5}]}}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints:
            - {addresses: [10.244.1.5], nodeName: node-a}
            - {addresses: [10.244.2.5], nodeName: node-b}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: idle}
            spec: {clusterIP: 10.96.0.11, ports: [{name: http, port: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: here}
            spec: {clusterIP: 10.96.0.12, internalTrafficPolicy: Local, ports: [{name: http, port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: here-1, labels: {kubernetes.io/service-name: here}}
            addressType: IPv4
            ports: [{name: http, port: 8080}]
            endpoints: [{addresses: [10.244.2.6], nodeName: node-b}]
            """;

    private static final String IPTABLES = """
            *nat
            :PREROUTING ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :POSTROUTING ACCEPT [0:0]
            :KUBE-SERVICES - [0:0]
            :KUBE-NODEPORTS - [0:0]
            :KUBE-MARK-MASQ - [0:0]
            :KUBE-SVC-AAAAAAAAAAAAAAAA - [0:0]
            :KUBE-SVL-AAAAAAAAAAAAAAAA - [0:0]
            :KUBE-EXT-AAAAAAAAAAAAAAAA - [0:0]
            :KUBE-SEP-AAAAAAAAAAAAAAA1 - [0:0]
            :KUBE-SEP-AAAAAAAAAAAAAAA2 - [0:0]
            -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
            -A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m comment --comment "default/web:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-AAAAAAAAAAAAAAAA
            -A KUBE-SERVICES -d 203.0.113.5/32 -p tcp -m comment --comment "default/web:http loadbalancer IP" -m tcp --dport 80 -j KUBE-EXT-AAAAAAAAAAAAAAAA
            -A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
            -A KUBE-NODEPORTS -p tcp -m comment --comment "default/web:http" -m tcp --dport 30080 -j KUBE-EXT-AAAAAAAAAAAAAAAA
            -A KUBE-SVC-AAAAAAAAAAAAAAAA -m comment --comment "default/web:http -> 10.244.1.5:8080" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-AAAAAAAAAAAAAAA1
            -A KUBE-SVC-AAAAAAAAAAAAAAAA -m comment --comment "default/web:http -> 10.244.2.5:8080" -j KUBE-SEP-AAAAAAAAAAAAAAA2
            -A KUBE-SVL-AAAAAAAAAAAAAAAA -m comment --comment "default/web:http -> 10.244.1.5:8080" -j KUBE-SEP-AAAAAAAAAAAAAAA1
            -A KUBE-EXT-AAAAAAAAAAAAAAAA -m comment --comment "masquerade LOCAL traffic for default/web:http external destinations" -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ
            -A KUBE-EXT-AAAAAAAAAAAAAAAA -m comment --comment "route LOCAL traffic for default/web:http external destinations" -m addrtype --src-type LOCAL -j KUBE-SVC-AAAAAAAAAAAAAAAA
            -A KUBE-EXT-AAAAAAAAAAAAAAAA -j KUBE-SVL-AAAAAAAAAAAAAAAA
            -A KUBE-SEP-AAAAAAAAAAAAAAA1 -p tcp -m comment --comment "default/web:http" -m tcp -j DNAT --to-destination 10.244.1.5:8080
            -A KUBE-SEP-AAAAAAAAAAAAAAA2 -p tcp -m comment --comment "default/web:http" -m tcp -j DNAT --to-destination 10.244.2.5:8080
            COMMIT
            *filter
            :INPUT ACCEPT [0:0]
            :KUBE-SERVICES - [0:0]
            -A KUBE-SERVICES -d 10.96.0.11/32 -p tcp -m comment --comment "default/idle:http has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable
            -A KUBE-SERVICES -d 10.96.0.12/32 -p tcp -m comment --comment "default/here:http has no local endpoints" -m tcp --dport 80 -j DROP
            COMMIT
            """;

    private static final String NFTABLES = """
            table ip kube-proxy {
            	map service-ips {
            		type ipv4_addr . inet_proto . inet_service : verdict
            		elements = { 10.96.0.10 . tcp . 80 : goto service-42NFTM6N-default/web/tcp/http,
            			     203.0.113.5 . tcp . 80 : goto external-42NFTM6N-default/web/tcp/http }
            	}
            	map service-nodeports {
            		type inet_proto . inet_service : verdict
            		elements = { tcp . 30080 : goto external-42NFTM6N-default/web/tcp/http }
            	}
            	map no-endpoint-services {
            		type ipv4_addr . inet_proto . inet_service : verdict
            		elements = { 10.96.0.11 . tcp . 80 comment "default/idle:http" : goto reject-chain,
            			     10.96.0.12 . tcp . 80 comment "default/here:http" : drop }
            	}
            	chain reject-chain {
            		reject
            	}
            	chain service-42NFTM6N-default/web/tcp/http {
            		meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.244.1.5 . 8080, 1 : 10.244.2.5 . 8080 }
            	}
            	chain local-42NFTM6N-default/web/tcp/http {
            		meta l4proto tcp dnat ip to 10.244.1.5:8080
            	}
            	chain external-42NFTM6N-default/web/tcp/http {
            		fib saddr type local goto service-42NFTM6N-default/web/tcp/http comment "short-circuit local traffic"
            		goto local-42NFTM6N-default/web/tcp/http
            	}
            }
            """;

    private final Map<String, String> listings = new HashMap<>();
    private final List<String> commands = new ArrayList<>();

    private ProcessResult run(Command command) {
        String text = command.text();
        commands.add(text);
        for (Map.Entry<String, String> listing : listings.entrySet()) {
            if (text.contains(listing.getKey())) {
                return new ProcessResult(0, listing.getValue(), "");
            }
        }
        return text.contains("save")
                ? new ProcessResult(0, "", "")
                : new ProcessResult(1, "", "Error: No such file or directory");
    }

    @AfterEach
    void nothingWasWritten() {
        assertThat(commands).noneMatch(text -> text.contains("restore") || text.contains("-f"));
    }

    private static Plan plan(ProxyMode mode, String objects) throws IOException {
        var input = new ClusterReader(false, false, new ByteArrayInputStream(objects.getBytes(StandardCharsets.UTF_8)))
                .read(List.of("-"));
        NodeSettings defaults = NodeSettings.defaults(mode, "node-a");
        NodeSettings settings = new NodeSettings(
                mode,
                "node-a",
                List.of(Ip.parse("192.0.2.1")),
                List.of(Ip.parse("192.0.2.1")),
                defaults.detectLocal(),
                defaults.nodePortAddresses(),
                defaults.masqueradeBit(),
                defaults.masqueradeAll(),
                defaults.localhostNodePorts(),
                defaults.tcpBeLiberal());
        return Planner.plan(input.state(), settings);
    }

    private Comparison iptables(String objects, String rules) throws IOException {
        listings.put("iptables-save", rules);
        listings.put("ip6tables-save", "");
        Backend<?, ?> backend = new IptablesBackend(this::run, IptablesOptions.defaults());
        return new KernelComparison<>(backend).compare(plan(ProxyMode.IPTABLES, objects), NOW);
    }

    private Comparison nftables(String objects, String rules) throws IOException {
        listings.put("table ip kube-proxy", rules);
        Backend<?, ?> backend = new NftBackend(new NftProgram(this::run));
        return new KernelComparison<>(backend).compare(plan(ProxyMode.NFTABLES, objects), NOW);
    }

    @Test
    void rulesOfKubeProxyInIptablesAreAlike() throws IOException {
        Comparison comparison = iptables(OBJECTS, IPTABLES);

        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.same()).containsExactly(Map.entry(IpFamily.IPV4, 5));
        assertThat(comparison.services()).isEqualTo(3);
        assertThat(comparison.lineCount()).as("Fairlead would rewrite chains").isPositive();
    }

    @Test
    void rulesOfKubeProxyInNftablesAreAlike() throws IOException {
        Comparison comparison = nftables(OBJECTS, NFTABLES);

        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.same()).containsExactly(Map.entry(IpFamily.IPV4, 5));
        assertThat(comparison.rules()).isEqualTo("kube-proxy's nftables");
    }

    @Test
    void anEndpointThatIsNotInIptablesIsFound() throws IOException {
        Comparison comparison = iptables(
                OBJECTS.replace(
                        "{addresses: [10.244.2.5], nodeName: node-b}", "{addresses: [10.244.2.7], nodeName: node-b}"),
                IPTABLES);

        assertThat(comparison.count(IpFamily.IPV4, Comparison.Kind.DIFFERENT)).isEqualTo(3);
        assertThat(comparison.servicesThatDiffer()).containsExactly("default/web");
        assertThat(comparison.differences())
                .extracting(Comparison.Difference::text)
                .contains("IPv4 10.96.0.10:80/tcp: should lead to 10.244.1.5:8080, 10.244.2.7:8080, is 10.244.1.5:8080,"
                        + " 10.244.2.5:8080");
    }

    @Test
    void anEndpointThatIsNotInNftablesIsFound() throws IOException {
        Comparison comparison = nftables(OBJECTS, NFTABLES.replace("10.244.2.5 . 8080", "10.244.2.9 . 8080"));

        assertThat(comparison.count(IpFamily.IPV4, Comparison.Kind.DIFFERENT)).isEqualTo(3);
        assertThat(comparison.servicesThatDiffer()).containsExactly("default/web");
    }

    @Test
    void aRefusalOfAnotherKindIsADifference() throws IOException {
        Comparison inIptables =
                iptables(OBJECTS, IPTABLES.replace("-j DROP", "-j REJECT --reject-with icmp-port-unreachable"));
        Comparison inNftables = nftables(OBJECTS, NFTABLES.replace(": drop", ": goto reject-chain"));

        assertThat(inIptables.servicesThatDiffer()).containsExactly("default/here");
        assertThat(inNftables.servicesThatDiffer()).containsExactly("default/here");
        assertThat(inNftables.differences())
                .singleElement()
                .extracting(Comparison.Difference::text)
                .isEqualTo("IPv4 10.96.0.12:80/tcp: should lead to drop, is reject");
    }

    @Test
    void aServiceWithoutRulesAndRulesWithoutAService() throws IOException {
        String other = OBJECTS.replace("10.96.0.11", "10.96.0.21");
        Comparison inIptables = iptables(other, IPTABLES);
        Comparison inNftables = nftables(other, NFTABLES);

        for (Comparison comparison : List.of(inIptables, inNftables)) {
            assertThat(comparison.count(IpFamily.IPV4, Comparison.Kind.MISSING)).isEqualTo(1);
            assertThat(comparison.count(IpFamily.IPV4, Comparison.Kind.EXTRA)).isEqualTo(1);
            assertThat(comparison.servicesThatDiffer()).containsExactly("default/idle");
            assertThat(ComparisonPage.text(comparison))
                    .contains(
                            "Service default/idle\n  missing   IPv4 10.96.0.21:80/tcp: should lead to reject, is no rule\n")
                    .contains("of no Service\n  extra     IPv4 10.96.0.11:80/tcp: leads to reject\n");
        }
    }

    /** The same rules in Fairlead's own words: what it would write is what it has. */
    @Test
    void ownRulesInIptablesAreAlikeLineByLine() throws IOException {
        IptablesBackend renderer = new IptablesBackend(this::run, IptablesOptions.defaults());
        String text = renderer.render(plan(ProxyMode.IPTABLES, OBJECTS)).text();

        Comparison comparison = iptables(OBJECTS, text.substring(text.indexOf('*'), text.indexOf("# ip6tables")));

        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.lines().keySet()).allMatch(lines -> lines.family() == IpFamily.IPV6);
    }

    @Test
    void ownRulesInNftablesAreComparedLineByLine() throws IOException {
        NftBackend renderer = new NftBackend(new NftProgram(this::run));
        String text = renderer.render(plan(ProxyMode.NFTABLES, OBJECTS)).text();
        String ipv4 = text.substring(0, text.indexOf("table ip6"));

        Comparison alike = nftables(OBJECTS, ipv4);
        Comparison different = nftables(OBJECTS.replace("10.244.2.5", "10.244.2.8"), ipv4);

        assertThat(alike.rules()).isEqualTo("Fairlead's");
        assertThat(alike.differences()).isEmpty();
        assertThat(different.servicesThatDiffer()).containsExactly("default/web");
        assertThat(different.lines().keySet().stream()
                        .filter(lines -> lines.family() == IpFamily.IPV4)
                        .map(Comparison.Lines::place))
                .containsOnly("map");
    }

    @Test
    void whereThereIsNothingEverythingIsMissing() throws IOException {
        Comparison comparison = new KernelComparison<>(new NftBackend(new NftProgram(this::run)))
                .compare(plan(ProxyMode.NFTABLES, OBJECTS), NOW);

        assertThat(comparison.rules()).isEqualTo("no");
        assertThat(comparison.count(IpFamily.IPV4, Comparison.Kind.MISSING)).isEqualTo(5);
        assertThat(comparison.summary())
                .startsWith("the kernel has no rules: 0 frontends as they should be, 5 missing, 0 extra, 0 different;"
                        + " 0 of 3 Services alike; Fairlead would change ");
    }
}

package io.fairlead.nft.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.trace.Trace;
import io.fairlead.nft.NftRuleset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests that the origins of rules that kube-proxy wrote name the Service port. */
final class KubeProxyOriginsTest {
    private static final String TABLE = """
            table ip kube-proxy {
            	set cluster-ips {
            		type ipv4_addr
            		elements = { 172.30.0.41 }
            	}
            	map service-ips {
            		type ipv4_addr . inet_proto . inet_service : verdict
            		elements = { 172.30.0.41 . tcp . 80 : goto service-42NFTM6N-ns/svc/tcp/p80 }
            	}
            	chain nat-prerouting {
            		type nat hook prerouting priority -100; policy accept;
            		jump services
            	}
            	chain services {
            		ip daddr . meta l4proto . th dport vmap @service-ips
            	}
            	chain service-42NFTM6N-ns/svc/tcp/p80 {
            		meta l4proto tcp dnat to 10.180.0.1:80
            	}
            }
            """;

    @Test
    void stepsOfKubeProxysRulesNameTheService() {
        NftRuleset rules = new NftRuleset(new TreeMap<>(Map.of(IpFamily.IPV4, TableText.parse(TABLE))));

        Trace trace = rules.tracer(Host.of(List.of(Ip.parse("192.0.2.10"))))
                .trace(new Flow(Protocol.TCP, Ip.parse("10.180.0.9"), Ip.parse("172.30.0.41"), 80, null));

        assertThat(trace.outcome().text()).isEqualTo("sent to 10.180.0.1:80");
        assertThat(trace.paths().getFirst().steps())
                .extracting(step -> step.origin().text())
                .contains("ns/svc:p80")
                .doesNotContain("unknown");
        assertThat(trace.paths().getFirst().steps().getLast().origin().text()).isEqualTo("ns/svc:p80");
    }
}

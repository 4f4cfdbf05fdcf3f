package io.fairlead.nft.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.nft.text.TableText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests traces through tables that kube-proxy 1.36 and 1.37 write, in the form in which nft lists them. */
class KubeProxyRulesTest {
    private static final Host NODE = Host.of(List.of(Ip.parse("192.168.0.2")));
    private static final String TABLE = """
            table ip kube-proxy {
            	set cluster-ips {
            		type ipv4_addr
            		elements = { 172.30.0.41, 172.30.0.42 }
            	}

            	set affinity-AAAAAAAA-ns/sticky/tcp/p80__10.180.0.3/80 {
            		type ipv4_addr
            		flags dynamic,timeout
            		timeout 3h
            	}

            	map service-ips {
            		type ipv4_addr . inet_proto . inet_service : verdict
            		elements = { 172.30.0.41 . tcp . 80 : goto service-BBBBBBBB-ns/plain/tcp/p80,
            			     172.30.0.42 . tcp . 80 : goto service-AAAAAAAA-ns/sticky/tcp/p80 }
            	}

            	chain mark-for-masquerade {
            		meta mark set meta mark | 0x00004000
            	}

            	chain endpoint-AAAAAAAA-ns/sticky/tcp/p80__10.180.0.3/80 {
            		ip saddr 10.180.0.3 jump mark-for-masquerade
            		update @affinity-AAAAAAAA-ns/sticky/tcp/p80__10.180.0.3/80 { ip saddr }
            		meta l4proto tcp dnat to 10.180.0.3:80
            	}

            	chain endpoint-CCCCCCCC-ns/sticky/tcp/p80__10.180.0.4/80 {
            		ip saddr 10.180.0.4 jump mark-for-masquerade
            		meta l4proto tcp dnat to 10.180.0.4:80
            	}

            	chain service-AAAAAAAA-ns/sticky/tcp/p80 {
            		ip daddr 172.30.0.42 tcp dport 80 ip saddr != 10.0.0.0/8 jump mark-for-masquerade
            		ip saddr @affinity-AAAAAAAA-ns/sticky/tcp/p80__10.180.0.3/80 goto endpoint-AAAAAAAA-ns/sticky/tcp/p80__10.180.0.3/80
            		numgen random mod 2 vmap { 0 : goto endpoint-AAAAAAAA-ns/sticky/tcp/p80__10.180.0.3/80, 1 : goto endpoint-CCCCCCCC-ns/sticky/tcp/p80__10.180.0.4/80 }
            	}

            	chain service-BBBBBBBB-ns/plain/tcp/p80 {
            		ip daddr 172.30.0.41 ip saddr != 10.0.0.0/8 jump mark-for-masquerade
            		meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.180.0.1 . 80, 1 : 10.180.0.2 . 80 }
            	}

            	chain services {
            		ip daddr . meta l4proto . th dport vmap @service-ips
            	}

            	chain masquerading {
            		meta mark & 0x00004000 != 0x00000000 meta mark set meta mark ^ 0x00004000 masquerade fully-random
            	}

            	chain counting {
            		type filter hook output priority -90; policy accept;
            		ct state new counter packets 7 bytes 420
            	}

            	chain nat-prerouting {
            		type nat hook prerouting priority -100; policy accept;
            		jump services
            	}

            	chain nat-output {
            		type nat hook output priority -100; policy accept;
            		jump services
            	}

            	chain nat-postrouting {
            		type nat hook postrouting priority 100; policy accept;
            		jump masquerading
            	}
            }
            """;

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 172.30.0.41, 10.180.0.1:80 10.180.0.2:80, false",
        "203.0.113.9, 172.30.0.41, 10.180.0.1:80 10.180.0.2:80, true",
        "192.168.0.2, 172.30.0.41, 10.180.0.1:80 10.180.0.2:80, true",
        "10.1.2.3, 172.30.0.42, 10.180.0.3:80 10.180.0.4:80, false",
        "203.0.113.9, 172.30.0.42, 10.180.0.3:80 10.180.0.4:80, true",
    })
    void areFollowed(String from, String to, String endpoints, boolean masquerade) {
        List<TracePath> paths = trace(TABLE, from, to);
        assertThat(paths).extracting(path -> String.valueOf(path.endpoint())).containsExactly(endpoints.split(" "));
        assertThat(paths).allSatisfy(path -> {
            assertThat(path.masquerade()).isEqualTo(masquerade);
            assertThat(path.share()).isEqualTo(1.0 / paths.size());
        });
    }

    @ParameterizedTest
    @CsvSource({"10.180.0.3, true, false", "10.180.0.4, false, true"})
    void onlyTheEndpointThatAskedIsMasqueraded(String from, boolean third, boolean fourth) {
        assertThat(trace(TABLE, from, "172.30.0.42"))
                .extracting(path -> path.endpoint() + " " + path.masquerade())
                .containsExactly("10.180.0.3:80 " + third, "10.180.0.4:80 " + fourth);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp dport 81", "udp dport 80"})
    void aRuleForAnotherPortIsPassed(String port) {
        String table = TABLE.replace("tcp dport 80 ip saddr", port + " ip saddr");
        assertThat(trace(table, "203.0.113.9", "172.30.0.42")).hasSize(2).noneMatch(TracePath::masquerade);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit rate 1/second accept",
                "numgen inc mod 2 vmap { 0 : drop, 1 : drop }",
                "meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.180.0.1 . 80 }",
                "meta mark & 0x00004000 != 0x00000001 drop"
            })
    void whatIsNotKnownIsNotGuessed(String rule) {
        String table = TABLE.replace("ip daddr . meta l4proto . th dport vmap @service-ips", rule);
        assertThatThrownBy(() -> trace(table, "10.1.2.3", "172.30.0.41"))
                .isInstanceOf(UnknownRuleException.class)
                .hasMessageContaining(rule);
    }

    private static List<TracePath> trace(String table, String from, String to) {
        return new PacketTracer(Map.of(IpFamily.IPV4, TableText.parse(table)), NODE)
                .trace(new Flow(Protocol.TCP, Ip.parse(from), Ip.parse(to), 80))
                .paths();
    }
}

package io.fairlead.explain.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.flow.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the outcomes of packets with rules in the form of {@code nft list ruleset}. */
final class NftWalkTest {

    private static ForeignNode forward(String rules) {
        return ForeignNode.of("table inet others {\n" + SETS + "\tchain forward {\n"
                + "\t\ttype filter hook forward priority filter + 10; policy accept;\n\t\t" + rules + "\n\t}\n"
                + "\tchain other {\n\t\ttcp dport 80 drop\n\t}\n}\n");
    }

    private static final String SETS = """
            \tset blocked {
            \t\ttype ipv4_addr
            \t\tflags interval
            \t\telements = { 10.1.0.0/16, 192.0.2.1-192.0.2.9 }
            \t}
            \tset pairs {
            \t\ttype ipv4_addr . inet_service
            \t\telements = { 10.1.0.2 . 80,
            \t\t\t     10.1.0.2 . 443 }
            \t}
            \tmap ports {
            \t\ttype inet_service : verdict
            \t\telements = { 80 comment "web" : jump other, 22 : accept }
            \t}
            \tset dynamic {
            \t\ttype ipv4_addr
            \t\tflags dynamic,timeout
            \t\ttimeout 1m
            \t}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ip saddr 10.0.0.0/8 drop; DROP",
                "ip saddr != 10.0.0.0/8 drop; PASS",
                "ip saddr @blocked drop; DROP",
                "ip saddr != @blocked drop; PASS",
                "ip daddr . tcp dport @pairs drop; DROP",
                "ip saddr . tcp dport @pairs drop; PASS",
                "ip daddr { 10.1.0.2, 10.1.0.3 } drop; DROP",
                "ip daddr { 10.1.0.5-10.1.0.9 } drop; PASS",
                "ip daddr . tcp dport { 10.1.0.0/24 . 80-90 } drop; DROP",
                "tcp dport vmap @ports; DROP",
                "tcp dport vmap { 80 : drop, 22 : accept }; DROP",
                "tcp dport vmap { 22 : accept }; PASS",
                "tcp dport vmap { 22 : accept, * : drop }; DROP",
                "jump other; DROP",
                "tcp dport { 80, 443 } drop; DROP",
                "tcp dport 80-90 drop; DROP",
                "tcp dport > 80 drop; PASS",
                "tcp dport >= 80 drop; DROP",
                "udp dport 80 drop; PASS",
                "th dport 80 drop; DROP",
                "meta l4proto tcp drop; DROP",
                "meta l4proto { udp, sctp } drop; PASS",
                "meta nfproto ipv6 drop; PASS",
                "ip6 saddr ::/0 drop; PASS",
                "ct state new drop; DROP",
                "ct state established,related accept drop; PASS",
                "ct state { established, related } drop; PASS",
                "ct state vmap { established : accept, new : drop }; DROP",
                "ct status dnat drop; PASS",
                "ct direction original drop; DROP",
                "meta mark 0x00000001 drop; PASS",
                "meta mark & 0x0000ff00 == 0x00000000 drop; DROP",
                "meta mark & 0x0000ff00 != 0x00000000 drop; PASS",
                "meta mark set 0x10 meta mark & 0x10 == 0x10 drop; DROP",
                "meta mark set meta mark | 0x10 meta mark 0x10 drop; DROP",
                "meta mark set mark or 0x4 meta mark 0x4 drop; DROP",
                "ct mark set 0x5 ct mark 0x5 drop; DROP",
                "tcp flags syn drop; DROP",
                "tcp flags & (fin | syn | rst | ack) == syn drop; DROP",
                "tcp flags syn / fin,syn,rst,ack drop; DROP",
                "tcp flags ! syn drop; PASS",
                "fib daddr type local drop; PASS",
                "fib saddr type != local drop; DROP",
                "meta pkttype broadcast drop; PASS",
                "counter packets 5 bytes 300 log prefix \"x y\" level info drop; DROP",
                "add @dynamic { ip saddr timeout 1m } drop; DROP",
                "icmp type echo-request drop; PASS",
                "arp operation request drop; PASS",
                "numgen random mod 2 < 2 drop; DROP",
                "ip protocol tcp drop; DROP",
                "iifname != \"eth0\" counter accept; PASS",
                "reject with icmpx type admin-prohibited; REJECT",
                "reject with tcp reset; REJECT",
                "reject; REJECT",
            })
    void understandsStatements(String rule, Verdict verdict) {
        NodeTrace trace = forward(rule).tcp("10.1.0.1", "10.1.0.2", 80);

        assertThat(trace.outcome().verdict()).as(trace.condition()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit rate 5/minute drop",
                "limit rate over 10 mbytes/second burst 5 kbytes drop",
                "ct count over 5 drop",
                "meta skuid 1000 drop",
                "ip ttl 64 drop",
                "ether saddr 00:00:00:00:00:01 drop",
                "some new thing 17 drop",
                "iifname \"eth0\" drop",
                "@th,16,16 0x50 drop",
                "add @dynamic { ip saddr limit rate over 5/second } drop",
                "xt match \"string\" counter drop",
                "ip option lsrr exists drop",
                "[xfrm] == 0x05000000 drop",
                "[quux] counter drop",
                "iif [interface-7] drop",
                "ip saddr [0x0a010001] drop",
            })
    void namesWhatItDoesNotKnow(String rule) {
        NodeTrace trace = forward(rule).tcp("10.1.0.1", "10.1.0.2", 80);

        assertThat(trace.outcome().verdict()).isEqualTo(Verdict.PASS);
        assertThat(trace.doubts()).singleElement().satisfies(doubt -> {
            assertThat(doubt.rule().place()).isEqualTo("inet others forward");
            assertThat(doubt.otherwise()).isEqualTo(Verdict.DROP);
        });
    }

    @Test
    void chainsAreCalledInTheOrderOfPrioritiesAndAcceptEndsOnlyOne() {
        ForeignNode node = ForeignNode.of("""
                table inet late {
                	chain forward {
                		type filter hook forward priority 20; policy accept;
                		meta mark 0x1 drop
                	}
                }
                table ip early {
                	chain forward {
                		type filter hook forward priority -5; policy accept;
                		meta mark set 0x1 accept
                	}
                }
                """);

        assertThat(node.fate("10.1.0.1", "10.1.0.2", 80)).isEqualTo("dropped");
        assertThat(node.fate("fd00::1", "fd00::2", 80)).isEqualTo("passes with unchanged addresses");
    }

    @Test
    void onlyTheFirstTranslationCounts() {
        ForeignNode node = ForeignNode.of("""
                table ip second {
                	chain pre {
                		type nat hook prerouting priority dstnat; policy accept;
                		tcp dport 80 dnat to 10.2.0.2:80
                	}
                }
                table ip first {
                	chain pre {
                		type nat hook prerouting priority dstnat - 10; policy accept;
                		tcp dport 80 dnat to 10.2.0.1:80
                	}
                	chain post {
                		type nat hook postrouting priority srcnat; policy accept;
                		ip daddr 10.2.0.1 masquerade
                	}
                }
                """);

        assertThat(node.fate("10.1.0.1", "10.1.0.2", 80)).isEqualTo("sent to 10.2.0.1:80, masqueraded");
    }

    @Test
    void ofChainsWithOnePriorityTheYoungestIsCalledFirst() {
        ForeignNode node = ForeignNode.of("""
                table ip older {
                	chain pre {
                		type nat hook prerouting priority dstnat; policy accept;
                		tcp dport 80 dnat to 10.2.0.2:80
                	}
                }
                table ip younger {
                	chain pre {
                		type nat hook prerouting priority dstnat; policy accept;
                		tcp dport 80 dnat to 10.2.0.1:80
                	}
                }
                """);

        assertThat(node.fate("10.1.0.1", "10.1.0.2", 80)).isEqualTo("sent to 10.2.0.1:80");
    }

    @Test
    void mapsChooseDestinations() {
        ForeignNode node = ForeignNode.of("""
                table ip others {
                	map services {
                		type ipv4_addr . inet_service : ipv4_addr . inet_service
                		elements = { 10.1.0.2 . 80 : 10.2.0.1 . 8080 }
                	}
                	chain pre {
                		type nat hook prerouting priority dstnat; policy accept;
                		dnat ip to ip daddr . tcp dport map @services
                		tcp dport 81 dnat to numgen random mod 2 map { 0 : 10.2.0.3, 1 : 10.2.0.4 }
                	}
                }
                """);

        assertThat(node.fate("10.1.0.1", "10.1.0.2", 80)).isEqualTo("sent to 10.2.0.1:8080");
        assertThat(node.fate("10.1.0.1", "10.1.0.2", 81)).isEqualTo("sent to 10.2.0.3:81, 10.2.0.4:81");
        assertThat(node.fate("10.1.0.1", "10.1.0.2", 82)).isEqualTo("passes with unchanged addresses");
    }

    /** nft 1.0.6 lists no space around the colon between two maps. */
    @Test
    void addressAndPortMayComeFromTwoMaps() {
        ForeignNode node = ForeignNode.of("""
                table ip others {
                	map addresses {
                		type ipv4_addr : ipv4_addr
                		elements = { 10.1.0.2 : 10.2.0.1 }
                	}
                	chain pre {
                		type nat hook prerouting priority dstnat; policy accept;
                		tcp dport 80 dnat to ip daddr map @addresses:tcp dport map { 80 : 8080 }
                	}
                }
                """);

        assertThat(node.fate("10.1.0.1", "10.1.0.2", 80)).isEqualTo("sent to 10.2.0.1:8080");
    }

    @Test
    void theKernelCallsNoChainOfADormantTable() {
        ForeignNode node = ForeignNode.of("""
                table inet others {
                	flags dormant
                	chain forward {
                		type filter hook forward priority 0; policy drop;
                	}
                }
                """);

        assertThat(node.fate("10.1.0.1", "10.1.0.2", 80)).isEqualTo("passes with unchanged addresses");
    }

    @Test
    void handlesAreShown() {
        ForeignNode node = ForeignNode.of("""
                table inet firewalld { # handle 3
                	chain filter_FORWARD { # handle 12
                		type filter hook forward priority filter + 10; policy accept;
                		ip daddr 10.1.0.2 reject with icmpx admin-prohibited # handle 77
                	}
                }
                """);

        assertThat(node.tcp("10.1.0.1", "10.1.0.2", 80).stepsOfOthers())
                .singleElement()
                .satisfies(step -> {
                    assertThat(step.rule())
                            .contains("reject with icmpx admin-prohibited")
                            .contains("(test:4)");
                    assertThat(step.origin().text()).isEqualTo("firewalld");
                });
    }

    /** Linux 6.18 accepts 15 chains inside the chain of a hook, and refuses one more ("Too many links"). */
    @Test
    void followsAsManyChainsAsTheKernelAccepts() {
        assertThat(nested(15).fate("10.1.0.1", "10.1.0.2", 80)).isEqualTo("dropped");
        assertThat(nested(16).fate("10.1.0.1", "10.1.0.2", 80)).contains("cannot evaluate: chain c16");
    }

    private static ForeignNode nested(int depth) {
        StringBuilder rules = new StringBuilder("table inet others {\n");
        for (int i = 1; i < depth; i++) {
            rules.append("\tchain c%d {\n\t\tjump c%d\n\t}\n".formatted(i, i + 1));
        }
        return ForeignNode.of(rules + "\tchain c" + depth + " {\n\t\tdrop\n\t}\n\tchain forward {\n"
                + "\t\ttype filter hook forward priority filter; policy accept;\n\t\tjump c1\n\t}\n}\n");
    }
}

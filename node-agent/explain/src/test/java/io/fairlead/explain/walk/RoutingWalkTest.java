package io.fairlead.explain.walk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Tests how routes and routing rules influence the outcomes of packets. */
final class RoutingWalkTest {
    private static final String ROUTES = """
            [{"type":"unicast","dst":"default","gateway":"192.168.0.1","dev":"eth0","flags":[]},
             {"dst":"10.1.0.0/16","dev":"cni0","scope":"link","flags":[]},
             {"type":"blackhole","dst":"10.66.0.0/16","flags":[]},
             {"type":"unreachable","dst":"10.67.0.0/16","flags":[]},
             {"dst":"default","dev":"eth1","table":"101","flags":[]},
             {"type":"local","dst":"10.99.0.0/16","dev":"lo","table":"local","flags":[]}]
            [{"priority":0,"src":"all","table":"local"},
             {"priority":100,"src":"all","fwmark":"0x80","fwmask":"0x80","table":"101"},
             {"priority":32766,"src":"all","table":"main"},{"priority":32767,"src":"all","table":"default"}]
            """;

    private static final String RULES = """
            *mangle
            :PREROUTING ACCEPT [0:0]
            -A PREROUTING -p tcp -m tcp --dport 443 -j MARK --set-xmark 0x80/0x80
            COMMIT
            *filter
            :FORWARD ACCEPT [0:0]
            :INPUT ACCEPT [0:0]
            -A FORWARD -i cni0 -o eth0 -p tcp -m tcp --dport 81 -j DROP
            -A FORWARD -o eth1 -j REJECT
            -A INPUT -p tcp -m tcp --dport 82 -j DROP
            COMMIT
            """;

    private final ForeignNode node = ForeignNode.of(ROUTES + RULES);

    @Test
    void interfacesAreThoseOfTheRoutes() {
        assertThat(node.fate("10.1.0.1", "198.51.100.1", 81)).isEqualTo("dropped");
        assertThat(node.fate("198.51.100.1", "10.1.0.1", 81)).isEqualTo("passes with unchanged addresses");
    }

    @Test
    void aMarkSendsAPacketToAnotherTable() {
        NodeTrace trace = node.tcp("10.1.0.1", "10.1.0.2", 443);

        assertThat(trace.outcome().text()).isEqualTo("refused");
        assertThat(trace.stepsOfOthers())
                .anySatisfy(step -> assertThat(step.place() + ": " + step.rule() + ": " + step.why())
                        .isEqualTo("routing: ip rule 100: fwmark 0x80/0x80 lookup 101: default dev eth1: leaves through"
                                + " eth1"));
    }

    @Test
    void routesMayEndTheWay() {
        assertThat(node.fate("10.1.0.1", "10.66.0.1", 80)).isEqualTo("dropped");
        assertThat(node.fate("10.1.0.1", "10.67.0.1", 80)).isEqualTo("refused");
    }

    @Test
    void aLocalRouteLeadsToInput() {
        assertThat(node.fate("10.1.0.1", "10.99.0.1", 82)).isEqualTo("dropped");
    }

    @Test
    void aHostWithoutARouteToOthersShowsNoFate() {
        String loopback = """
                [{"type":"local","dst":"127.0.0.0/8","dev":"lo","table":"local","flags":[]}]
                """;
        String one = """
                [{"type":"local","dst":"127.0.0.0/8","dev":"lo","table":"local","flags":[]},
                 {"dst":"10.1.0.0/16","dev":"cni0","scope":"link","flags":[]}]
                """;

        assertThat(ForeignNode.of(loopback + RULES).fate("10.1.0.1", "10.2.0.1", 80))
                .startsWith("passes with unchanged addresses if")
                .contains("cannot evaluate: -o eth1");
        assertThat(ForeignNode.of(one + RULES).fate("10.1.0.1", "10.2.0.1", 80)).isEqualTo("refused");
    }
}

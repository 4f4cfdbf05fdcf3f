package io.fairlead.explain.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.flow.Outcome;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.trace.TraceStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the outcomes of packets with rules in the form of iptables-save. */
final class IptablesWalkTest {

    /** Returns a node with these rules in chain FORWARD of table filter, whose policy is ACCEPT. */
    private static ForeignNode forward(String... rules) {
        return ForeignNode.of("*filter\n:FORWARD ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OTHER - [0:0]\n-A "
                + String.join("\n-A ", rules) + "\nCOMMIT\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "-s 10.0.0.0/8; DROP",
                "-s 10.0.0.0/255.0.0.0; DROP",
                "! -s 10.0.0.0/8; PASS",
                "-d 10.1.0.2/32; DROP",
                "-d 10.1.0.3/32; PASS",
                "-p tcp -m tcp --dport 80; DROP",
                "-p tcp -m tcp --dport 70:90; DROP",
                "-p tcp -m tcp ! --dport 80; PASS",
                "-p udp -m udp --dport 80; PASS",
                "-p tcp -m multiport --dports 22,80; DROP",
                "-p tcp -m multiport --ports 22,80; DROP",
                "-p tcp -m multiport --dports 1:79,81; PASS",
                "-p tcp -m tcp --sport 53; PASS",
                "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN; DROP",
                "-p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK; PASS",
                "-p tcp -m tcp --tcp-flags FIN,SYN NONE; PASS",
                "-m conntrack --ctstate NEW; DROP",
                "-m conntrack --ctstate RELATED,ESTABLISHED; PASS",
                "-m conntrack ! --ctstate NEW; PASS",
                "-m conntrack --ctstate INVALID,DNAT; PASS",
                "-m state --state NEW,INVALID; DROP",
                "-m mark --mark 0x0/0xff; DROP",
                "-m mark ! --mark 0x1; DROP",
                "-m mark --mark 0x1/0x1; PASS",
                "-m addrtype --dst-type LOCAL; PASS",
                "-m addrtype ! --dst-type LOCAL; DROP",
                "-m addrtype --src-type LOCAL; PASS",
                "-m iprange --src-range 10.1.0.0-10.1.0.9; DROP",
                "-m iprange ! --src-range 10.1.0.0-10.1.0.9; PASS",
                "-m comment --comment \"a b\"; DROP",
                "-m recent --rcheck --seconds 60 --name x --mask 255.255.255.255 --rsource; PASS",
                "-m recent --set --name x --mask 255.255.255.255 --rsource; DROP",
                "-f; PASS",
                "-p icmp -m icmp --icmp-type 8; PASS",
                "-m pkttype --pkt-type broadcast; PASS",
                "-m conntrack --ctorigdst 10.1.0.2; DROP",
                "-m conntrack --ctorigdstport 81; PASS",
            })
    void understandsMatches(String match, Verdict verdict) {
        Outcome outcome = forward("FORWARD " + match + " -j DROP")
                .tcp("10.1.0.1", "10.1.0.2", 80)
                .outcome();

        assertThat(outcome.verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "-m limit --limit 5/min",
                "-m set --match-set bad src",
                "-m time --timestart 10:00:00",
                "-m string --string \"x y\" --algo bm --to 65535",
                "-m socket",
                "-m physdev ! --physdev-is-bridged",
                "-i eth0",
                "-p tcp -m tcp --sport 40000",
            })
    void namesWhatItDoesNotKnow(String match) {
        NodeTrace trace = forward("FORWARD " + match + " -j DROP").tcp("10.1.0.1", "10.1.0.2", 80);

        assertThat(trace.outcome().verdict()).isEqualTo(Verdict.PASS);
        assertThat(trace.doubts()).singleElement().satisfies(doubt -> {
            assertThat(doubt.rule().place()).isEqualTo("filter FORWARD");
            assertThat(doubt.otherwise()).isEqualTo(Verdict.DROP);
        });
        assertThat(trace.condition())
                .startsWith("if filter FORWARD \"-A FORWARD ")
                .endsWith("; if it matches: dropped)");
    }

    @Test
    void anUncertainRuleThatChangesNothingIsNoDoubt() {
        ForeignNode node = forward("FORWARD -m limit --limit 5/min -j LOG", "FORWARD -m limit --limit 5/min -j ACCEPT");

        assertThat(node.tcp("10.1.0.1", "10.1.0.2", 80).doubts()).isEmpty();
    }

    @Test
    void thePolicyDropsWhatNoRuleAccepts() {
        ForeignNode node = ForeignNode.of("""
                *filter
                :FORWARD DROP [0:0]
                :OTHER - [0:0]
                -A FORWARD -j OTHER
                -A OTHER -s 10.9.0.0/16 -j ACCEPT
                COMMIT
                """);

        assertThat(node.fate("10.9.0.1", "10.1.0.2", 80)).isEqualTo("passes with unchanged addresses");
        NodeTrace dropped = node.tcp("10.1.0.1", "10.1.0.2", 80);
        assertThat(dropped.outcome().verdict()).isEqualTo(Verdict.DROP);
        assertThat(dropped.stepsOfOthers())
                .extracting(TraceStep::place, TraceStep::rule)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("filter FORWARD", "policy DROP"));
    }

    @Test
    void jumpsReturnAndGoToDoesNot() {
        assertThat(forward("FORWARD -j OTHER", "FORWARD -j DROP", "OTHER -p tcp -j RETURN", "OTHER -j ACCEPT")
                        .tcp("10.1.0.1", "10.1.0.2", 80)
                        .outcome()
                        .verdict())
                .isEqualTo(Verdict.DROP);
        assertThat(forward("FORWARD -g OTHER", "FORWARD -j DROP", "OTHER -p tcp -j RETURN", "OTHER -j ACCEPT")
                        .tcp("10.1.0.1", "10.1.0.2", 80)
                        .outcome()
                        .verdict())
                .isEqualTo(Verdict.PASS);
    }

    @Test
    void marksAreSetAndMatchedWithMasks() {
        String dump = """
                *mangle
                :PREROUTING ACCEPT [0:0]
                -A PREROUTING -j MARK --set-xmark 0x12/0xff
                -A PREROUTING -j MARK --or-mark 0x100
                -A PREROUTING -m mark --mark 0x112 -j CONNMARK --save-mark --nfmask 0xf00 --ctmask 0xf00
                -A PREROUTING -j MARK --set-mark 0x5
                -A PREROUTING -m connmark --mark 0x100/0xf00 -j CONNMARK --restore-mark --nfmask 0xf00 --ctmask 0xf00
                COMMIT
                *filter
                :FORWARD ACCEPT [0:0]
                -A FORWARD -m mark --mark 0x105 -j REJECT --reject-with icmp-port-unreachable
                COMMIT
                """;

        assertThat(ForeignNode.of(dump).fate("10.1.0.1", "10.1.0.2", 80)).isEqualTo("refused");
    }

    @Test
    void translatesOnceAndRoutesByTheNewDestination() {
        ForeignNode node = ForeignNode.of("""
                *nat
                :PREROUTING ACCEPT [0:0]
                :POSTROUTING ACCEPT [0:0]
                -A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.2.0.1:8080
                -A PREROUTING -p tcp -m tcp --dport 81 -j REDIRECT --to-ports 9090
                -A PREROUTING -p tcp -m tcp --dport 82 -j DNAT --to-destination 10.2.0.2
                -A POSTROUTING -d 10.2.0.1/32 -j MASQUERADE
                COMMIT
                *filter
                :INPUT DROP [0:0]
                :FORWARD ACCEPT [0:0]
                -A FORWARD -d 10.2.0.2/32 -m conntrack --ctstatus DNAT -j DROP
                COMMIT
                """);

        assertThat(node.fate("10.1.0.1", "10.1.0.2", 80)).isEqualTo("sent to 10.2.0.1:8080, masqueraded");
        assertThat(node.fate("10.1.0.1", "10.1.0.2", 81)).isEqualTo("dropped");
        assertThat(node.fate("10.1.0.1", "10.1.0.2", 82)).isEqualTo("dropped");
        assertThat(node.fate("10.1.0.1", "10.1.0.2", 83)).isEqualTo("passes with unchanged addresses");
    }

    @Test
    void anUntrackedPacketMeetsNoNatRule() {
        ForeignNode node = ForeignNode.of("""
                *raw
                :PREROUTING ACCEPT [0:0]
                -A PREROUTING -d 10.1.0.2/32 -j CT --notrack
                COMMIT
                *nat
                :PREROUTING ACCEPT [0:0]
                -A PREROUTING -p tcp -j DNAT --to-destination 10.2.0.1:8080
                COMMIT
                *filter
                :FORWARD ACCEPT [0:0]
                -A FORWARD -m conntrack --ctstate UNTRACKED -p tcp -m tcp --dport 22 -j DROP
                COMMIT
                """);

        assertThat(node.fate("10.1.0.1", "10.1.0.2", 80)).isEqualTo("passes with unchanged addresses");
        assertThat(node.fate("10.1.0.1", "10.1.0.2", 22)).isEqualTo("dropped");
        assertThat(node.fate("10.1.0.1", "10.1.0.3", 80)).isEqualTo("sent to 10.2.0.1:8080");
    }

    @Test
    void packetsOfTheNodePassOutputAndComeBackThroughInput() {
        ForeignNode node = ForeignNode.of("""
                *filter
                :INPUT ACCEPT [0:0]
                :OUTPUT ACCEPT [0:0]
                -A INPUT -i lo -p tcp -m tcp --dport 22 -j DROP
                -A OUTPUT -d 10.1.0.2/32 -j REJECT --reject-with icmp-port-unreachable
                COMMIT
                """);

        assertThat(node.fate(ForeignNode.NODE, "10.1.0.2", 80)).isEqualTo("refused");
        assertThat(node.fate(ForeignNode.NODE, ForeignNode.NODE, 22)).isEqualTo("dropped");
        assertThat(node.fate("10.1.0.1", ForeignNode.NODE, 22))
                .startsWith("passes with unchanged addresses if filter INPUT");
    }

    @Test
    void namesTheOwnerOfARule() {
        ForeignNode node = ForeignNode.of("""
                *filter
                :FORWARD ACCEPT [0:0]
                :DOCKER-USER - [0:0]
                -A FORWARD -j DOCKER-USER
                -A DOCKER-USER -d 10.1.0.2/32 -j DROP
                COMMIT
                """);

        assertThat(node.tcp("10.1.0.1", "10.1.0.2", 80).stepsOfOthers())
                .extracting(step -> step.place() + " " + step.origin().text())
                .containsExactly("filter FORWARD Docker", "filter DOCKER-USER Docker");
    }

    @Test
    void rulesOfBothVariantsArePassed() {
        ForeignNode node = ForeignNode.of("""
                # Generated by iptables-nft-save v1.8.9 (nf_tables) on Mon Jan  1 00:00:00 2026
                *filter
                :FORWARD ACCEPT [0:0]
                -A FORWARD -d 10.1.0.2/32 -j DROP
                COMMIT
                # Generated by iptables-save v1.8.9 on Mon Jan  1 00:00:00 2026
                *filter
                :FORWARD ACCEPT [0:0]
                -A FORWARD -d 10.1.0.3/32 -j DROP
                COMMIT
                """);

        assertThat(node.fate("10.1.0.1", "10.1.0.2", 80)).isEqualTo("dropped");
        assertThat(node.fate("10.1.0.1", "10.1.0.3", 80)).isEqualTo("dropped");
        assertThat(node.fate("10.1.0.1", "10.1.0.4", 80)).isEqualTo("passes with unchanged addresses");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SYNPROXY --sack-perm",
                "HMARK --hmark-tuple src,dst --hmark-mod 2 --hmark-offset 1 --hmark-rnd 0x1"
            })
    void anUnknownTargetLeavesTheOutcomeOpen(String target) {
        NodeTrace trace = forward("FORWARD -j " + target).tcp("10.1.0.1", "10.1.0.2", 80);

        assertThat(trace.doubts())
                .singleElement()
                .satisfies(doubt -> assertThat(doubt.otherwise()).isNull());
        assertThat(trace.condition()).contains("its effect is unknown");
    }

    /** iptables-legacy has no limit for the depth of chains. */
    @Test
    void followsChainsOfAnyDepth() {
        StringBuilder rules = new StringBuilder("*filter\n:FORWARD ACCEPT [0:0]\n");
        for (int i = 1; i <= 40; i++) {
            rules.append(":C").append(i).append(" - [0:0]\n");
        }
        rules.append("-A FORWARD -j C1\n");
        for (int i = 1; i < 40; i++) {
            rules.append("-A C").append(i).append(" -j C").append(i + 1).append('\n');
        }
        rules.append("-A C40 -j DROP\nCOMMIT\n");

        assertThat(ForeignNode.of(rules.toString()).fate("10.1.0.1", "10.1.0.2", 80))
                .isEqualTo("dropped");
    }

    /** No kernel accepts a loop, but a file may contain one. Each chain jumps twice, so no limit of the depth helps. */
    @Test
    void aLoopOfChainsEndsTheWalk() {
        String rules = "*filter\n:FORWARD ACCEPT [0:0]\n:A - [0:0]\n:B - [0:0]\n-A FORWARD -j A\n"
                + "-A A -j B\n".repeat(2) + "-A B -j A\n".repeat(2) + "COMMIT\n";

        assertThat(ForeignNode.of(rules).fate("10.1.0.1", "10.1.0.2", 80)).contains("cannot evaluate: chain A");
    }
}

package io.fairlead.nft.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ct state new jump firewall-check",
                "ct state new ct status dnat jump learn",
                "meta l4proto { tcp, udp, sctp } ct original ip daddr != @cluster-ips meta l4proto . ct original proto-dst vmap @np-sticky",
                "ip saddr != 10.244.0.0/16 meta mark set meta mark | 0x00004000 comment \"not from a pod of this node\"",
                "iifname != \"veth*\" meta mark set meta mark | 0x80000000",
                "iifname \"cni0\" meta l4proto . th dport vmap @np-cluster-pick",
                "meta mark & 0x00004000 == 0x00000000 return",
                "meta mark set meta mark ^ 0x00004000",
                "masquerade fully-random",
                "fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @service-nodeports",
                "ip daddr { 10.3.0.0/16, 10.96.0.0/12 } drop",
                "ip saddr 10.2.3.4 return",
                "dnat ip to ip daddr . tcp dport . numgen random mod 3 map @tcp-endpoints",
                "ip daddr . th dport != @live-X delete @aff-X { ip saddr : ip daddr . th dport } drop",
                "reject"
            })
    void readsWhatItWrites(String line) {
        Rule rule = RuleText.parse(line, IpFamily.IPV4);

        assertThat(rule.isForeign()).isFalse();
        assertThat(RuleText.write(rule, IpFamily.IPV4)).isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            dnat to ip6 saddr map @aff-X:ip6 saddr map @affport-X | dnat ip6 to ip6 saddr map @aff-X : ip6 saddr map @affport-X
            meta l4proto 6 reject with icmpv6 port-unreachable    | meta l4proto tcp reject
            meta mark 0x00000000/1 return                         | meta mark & 0x80000000 == 0x00000000 return
            meta mark & 0x4000 == 0 return                        | meta mark & 0x00004000 == 0x00000000 return
            ip6 daddr { fd01::/64, fd00::/64 } drop               | ip6 daddr { fd00::/64, fd01::/64 } drop
            """)
    void readsOtherSpellingsOfNft(String listed, String written) {
        assertThat(RuleText.write(RuleText.parse(listed, IpFamily.IPV6), IpFamily.IPV6))
                .isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "counter packets 1 bytes 2 drop",
                "ip6 saddr fd00::1 drop",
                "ip saddr fd00::1 drop",
                "tcp dport { 1, 2 } accept",
                "meta mark 0x1 drop",
                "ct state established,related accept",
                "numgen random mod 2 vmap { 0 : goto a, 1 : goto b }",
                "dnat to 10.0.0.1:80",
                "masquerade",
                "jump",
                "ip saddr @a comment \"open",
                "reject with icmp host-unreachable"
            })
    void whatIsNotOursIsForeign(String line) {
        assertThat(RuleText.parse(line, IpFamily.IPV4).statements()).containsExactly(new Statement.ForeignRule(line));
    }
}

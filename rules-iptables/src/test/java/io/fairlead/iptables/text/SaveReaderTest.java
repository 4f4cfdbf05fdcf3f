package io.fairlead.iptables.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaveReaderTest {
    private static final ServicePortName PORT =
            new ServicePortName(new ServiceName("default", "svc-0"), "http", Protocol.TCP);
    private static final ChainName CLUSTER = ChainName.Kind.CLUSTER.of(PORT);
    private static final ChainName ENDPOINT = ChainName.ofEndpoint(PORT, "10.128.1.0:8080");

    /**
     * Each row contains output of iptables-save 1.8.9 (both variants print the same), and the corresponding input of
     * iptables-restore.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "-j MARK --set-xmark 0x4000/0x4000 | -j MARK --or-mark 0x00004000",
                "-j MARK --set-xmark 0x4000/0x0 | -j MARK --xor-mark 0x00004000",
                "-m mark ! --mark 0x4000/0x4000 -j RETURN | -m mark ! --mark 0x00004000/0x00004000 -j RETURN",
                "-s 10.128.1.0/32 -m comment --comment \"ns/x:p\" -j KUBE-MARK-MASQ"
                        + " | -m comment --comment ns/x:p -s 10.128.1.0 -j KUBE-MARK-MASQ",
                "-p tcp -m comment --comment \"ns/x:p\" -m recent --set --name KUBE-SEP-A --mask 255.255.255.255"
                        + " --rsource -m tcp -j DNAT --to-destination 10.128.1.0:8080"
                        + " | -m comment --comment ns/x:p -m recent --name KUBE-SEP-A --set -m tcp -p tcp"
                        + " -j DNAT --to-destination 10.128.1.0:8080",
                "-m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-A --mask 255.255.255.255 --rsource"
                        + " -j KUBE-SEP-A | -m recent --name KUBE-SEP-A --rcheck --seconds 10800 --reap -j KUBE-SEP-A",
                "-m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-A"
                        + " | -m statistic --mode random --probability 0.3333333333 -j KUBE-SEP-A",
                "! -s 10.0.0.0/8 -d 10.0.0.1/32 -p tcp -m comment --comment \"ns/x:p cluster IP\" -m tcp --dport 80"
                        + " -j KUBE-MARK-MASQ | -m comment --comment \"ns/x:p cluster IP\" -m tcp -p tcp -d 10.0.0.1"
                        + " --dport 80 ! -s 10.0.0.0/8 -j KUBE-MARK-MASQ",
                "! -i veth+ -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ"
                        + " | -m addrtype --src-type LOCAL ! -i veth+ -j KUBE-MARK-MASQ",
                "-p udp -m addrtype --dst-type LOCAL -m udp --dport 30080 -j REJECT --reject-with icmp-port-unreachable"
                        + " | -m addrtype --dst-type LOCAL -m udp -p udp --dport 30080 -j REJECT",
                "-m comment --comment \"other traffic\" | -m comment --comment \"other traffic\""
            })
    void understandsHowTheKernelPrintsWhatWeWrite(String saved, String written) {
        Rule read = nat("-A KUBE-SERVICES " + saved).getFirst();
        assertThat(read).isInstanceOf(Rule.Known.class);
        assertThat(RuleWriter.rule(read)).isEqualTo(written);
        assertThat(nat("-A KUBE-SERVICES " + written).getFirst()).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-m limit --limit 5/min -j ACCEPT",
                "-g KUBE-SEP-A",
                "-p icmp -j ACCEPT",
                "-j REJECT --reject-with icmp-host-prohibited",
                "-j DNAT --to-destination 10.0.0.1-10.0.0.9",
                "-j MARK --set-xmark 0x1/0xff",
                "-m recent --update --name KUBE-SEP-A --mask 255.255.255.255 --rsource",
                "-m statistic --mode nth --every 2 --packet 0 -j KUBE-SEP-A",
                "-m tcp -p tcp ! --dport 80 -j ACCEPT",
                "-m set --match-set x dst -j ACCEPT"
            })
    void takesWhatItDoesNotUnderstandAsOpaque(String saved) {
        assertThat(nat("-A KUBE-SERVICES " + saved))
                .singleElement()
                .isInstanceOfSatisfying(
                        Rule.ForeignRule.class, rule -> assertThat(rule.text()).isEqualTo(saved));
    }

    @Test
    void findsTheServiceOfRulesWithoutCommentsByWhatLeadsToThem() {
        FamilyRules read = read(
                "-A KUBE-SERVICES -d 10.0.0.1/32 -p tcp -m comment --comment \"default/svc-0:http cluster IP\" -m tcp"
                        + " --dport 80 -j " + CLUSTER,
                "-A " + CLUSTER + " -j " + ENDPOINT,
                "-A " + ENDPOINT + " -p tcp -m tcp -j DNAT --to-destination 10.128.1.0:8080");
        assertThat(read.table(Table.NAT).chains().get(ENDPOINT).rules())
                .singleElement()
                .extracting(Rule::origin)
                .isEqualTo(new Origin.Port(PORT));
    }

    @Test
    void findsTheServiceOfChainsThatNothingLeadsToByCommentAndHash() {
        FamilyRules read = read(
                "-A " + ENDPOINT + " -p tcp -m comment --comment \"default/svc-0:http\" -m tcp -j DNAT"
                        + " --to-destination 10.128.1.0:8080",
                "-A KUBE-SEP-AAAAAAAAAAAAAAAA -s 10.0.0.1/32 -j KUBE-MARK-MASQ");
        assertThat(read.table(Table.NAT).chains().get(ENDPOINT).origin()).isEqualTo(new Origin.Port(PORT));
        assertThat(read.table(Table.NAT)
                        .chains()
                        .get(new ChainName("KUBE-SEP-AAAAAAAAAAAAAAAA"))
                        .origin())
                .isEqualTo(new Origin.Unknown("KUBE-SEP-AAAAAAAAAAAAAAAA"));
    }

    @Test
    void readsAChainWithoutAPolicy() {
        assertThat(SaveReader.read(IpFamily.IPV4, "*nat\n:KUBE-MARK-MASQ").table(Table.NAT))
                .isEqualTo(SaveReader.read(IpFamily.IPV4, "*nat\n:KUBE-MARK-MASQ - [0:0]\n")
                        .table(Table.NAT));
    }

    @Test
    void passesOverWhatIsNotOurs() {
        FamilyRules read = SaveReader.read(IpFamily.IPV4, """
                # Generated by iptables-save
                *raw
                :PREROUTING ACCEPT [0:0]
                -A PREROUTING -j KUBE-SERVICES
                COMMIT
                *nat
                :PREROUTING ACCEPT [3:180]
                :KUBE-KUBELET-CANARY - [0:0]
                :CNI-X - [0:0]
                -A PREROUTING -m comment --comment "see -j KUBE-SERVICES" -j CNI-X
                -A CNI-X -j KUBE-MARK-MASQ
                COMMIT
                """);
        assertThat(read)
                .isEqualTo(FamilyRules.of(
                        IpFamily.IPV4,
                        TableRules.empty(Table.NAT)
                                .with(new TreeMap<>(Map.of(ChainName.MARK_MASQ, "a rule in chain CNI-X")))));
    }

    @Test
    void aJumpIsOursOnlyIfItIsWordForWordOneThatIsWritten() {
        FamilyRules read = read(
                "-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                "-A OUTPUT -m comment --comment \"kubernetes service portals\" -m conntrack --ctstate NEW"
                        + " -j KUBE-SERVICES",
                "-A POSTROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-POSTROUTING",
                "-A POSTROUTING -m set --match-set x src -j KUBE-MARK-MASQ",
                "-A OTHER -p tcp -g KUBE-NODEPORTS");
        assertThat(read.table(Table.NAT).jumps()).containsOnlyKeys(BuiltInChain.PREROUTING);
        assertThat(read.table(Table.NAT).referrers())
                .isEqualTo(Map.of(
                        ChainName.SERVICES, "a rule in chain OUTPUT",
                        ChainName.POSTROUTING, "a rule in chain POSTROUTING",
                        ChainName.MARK_MASQ, "a rule in chain POSTROUTING",
                        ChainName.NODE_PORTS, "a rule in chain OTHER"));
    }

    /** The rows are jumps that kube-proxy 1.9 and 1.19 wrote. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "INPUT -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                "INPUT -m conntrack --ctstate NEW -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                "OUTPUT -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                "INPUT -m comment --comment \"kubernetes externally-visible service portals\" -j KUBE-EXTERNAL-SERVICES"
            })
    void jumpsOfOldKubeProxiesAreOurs(String jump) {
        FamilyRules read = SaveReader.read(IpFamily.IPV4, "*filter\n-A " + jump + "\nCOMMIT\n");
        assertThat(read.table(Table.FILTER).jumps()).hasSize(1);
        assertThat(read.table(Table.FILTER).referrers()).isEmpty();
    }

    @Test
    void knowsWhichTablesTheTextLeavesOut() {
        assertThat(SaveReader.leftOut("""
                        # Table `nat' is incompatible, use 'nft' tool.
                        *filter
                        COMMIT
                        # Table `raw' is incompatible, use 'nft' tool.
                        """)).containsExactly(Table.NAT);
        assertThat(SaveReader.leftOut("""
                        # Table `nat' contains incompatible base-chains, use 'nft' tool to list them.
                        *nat
                        -A OTHER -m comment --comment "Table `nat' is incompatible, use 'nft' tool."
                        COMMIT
                        """)).isEmpty();
    }

    private static List<Rule> nat(String line) {
        return read(line).table(Table.NAT).chains().get(ChainName.SERVICES).rules();
    }

    private static FamilyRules read(String... lines) {
        return SaveReader.read(IpFamily.IPV4, "*nat\n" + String.join("\n", lines) + "\nCOMMIT\n");
    }
}

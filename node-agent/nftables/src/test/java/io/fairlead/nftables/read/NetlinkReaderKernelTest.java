package io.fairlead.nftables.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.nft.NftLayout;
import io.fairlead.nft.NftRuleset;
import io.fairlead.nft.fixture.Plans;
import io.fairlead.nft.fixture.TestNamespace;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Client;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.RuleText;
import io.fairlead.nft.text.TableText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that a table that is read by netlink equals the table that nft lists, whatever program wrote it. */
@Tag("kernel")
class NetlinkReaderKernelTest {
    private final NftLayout layout = new NftLayout();
    private TestNamespace namespace;
    private NetlinkReader reader;

    @BeforeEach
    void open() {
        namespace = TestNamespace.open();
        Libc libc = Libc.load();
        reader = new NetlinkReader(libc, NetworkNamespace.of(libc, namespace.name()), WrittenTable.TEXT);
    }

    @AfterEach
    void close() {
        if (namespace != null) {
            namespace.close();
        }
    }

    static Stream<String> scenarios() {
        return Plans.scenarios().keySet().stream();
    }

    private Optional<Table> read(IpFamily family) {
        return reader.read(family).map(ReadTable::table);
    }

    private Table listed() {
        return TableText.parse(namespace.output("nft", "-sy", "list", "table", "ip", Table.NAME));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void readsWhatNftWrote(String name) {
        NftRuleset rules = layout.render(Plans.scenarios().get(name));
        assertRead(rules);
    }

    @Test
    void readsRandomClustersThatNftWrote() {
        Seeds.each(6, seed -> {
            namespace.output("nft", "flush", "ruleset");
            assertRead(layout.render(RandomCluster.of(seed, ProxyMode.NFTABLES).plan()));
        });
    }

    private void assertRead(NftRuleset rules) {
        namespace.load(layout.diff(NftRuleset.NONE, rules).text());
        for (IpFamily family : IpFamily.values()) {
            Optional<Table> expected = Optional.ofNullable(rules.table(family));
            assertThat(read(family).map(TableText::write)).isEqualTo(expected.map(TableText::write));
            assertThat(read(family)).isEqualTo(expected);
        }
    }

    @Test
    void thereIsNoTable() {
        assertThat(reader.read(IpFamily.IPV4)).isEmpty();
        namespace.load("table ip6 kube-proxy { }; table ip others { chain c { }; }");
        assertThat(reader.read(IpFamily.IPV4)).isEmpty();
        assertThat(reader.read(IpFamily.IPV6)).isPresent();
        assertThat(reader.clients(IpFamily.IPV6, new SetName("none"))).isEmpty();
    }

    /**
     * Tests that the text of the rules is the same too, because the tracer reads kube-proxy's rules from their text.
     */
    @Test
    void readsTheTableOfKubeProxyAsNftListsIt() throws IOException {
        try (InputStream table = TableText.class.getResourceAsStream("/kube-proxy.nft")) {
            namespace.load(new String(table.readAllBytes(), StandardCharsets.UTF_8));
        }

        assertThat(read(IpFamily.IPV4).map(TableText::write)).contains(TableText.write(listed()));
    }

    @Test
    void readsForeignObjectsAndRules() {
        namespace.load("""
                table ip kube-proxy {
                	flags dormant
                	comment "of another"
                	counter seen { }
                	quota most { over 5 mbytes }
                	ct helper ftp { type "ftp" protocol tcp; }
                	set marks { type mark; flags interval; elements = { 1-7 } }
                	set ports { type inet_service . mark; size 7; flags dynamic,timeout; timeout 1h; }
                	set sized { type ipv4_addr; size 10; }
                	set counting { type ipv4_addr; counter; }
                	map hosts { typeof ip saddr : tcp dport; }
                	set networks { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.0.2.1, 240.0.0.0-255.255.255.255 } }
                	chain c {
                		type filter hook input priority 5; policy drop;
                		tcp dport 22 accept comment "shell"
                		ip saddr { 10.0.0.0/8, 192.0.2.0-192.0.2.9 } drop
                		ct state { established, related } accept
                		ct state established,related accept
                		log prefix "x" limit rate 5/second counter name seen drop
                		iifname { "eth0", "eth1" } jump other
                		tcp dport { 80, 443 } ip daddr vmap { 192.0.2.7 : drop, 192.0.2.8 : jump other }
                		meta mark 0x7 meta mark set 0x8
                		ip protocol icmp accept
                		oifname "wg*" ip daddr != 192.0.2.0/25 return
                		jump { drop; }
                	}
                	chain other { }
                }
                """);

        Table read = read(IpFamily.IPV4).orElseThrow();
        Table listed = listed();
        assertThat(read.comment()).isEqualTo(listed.comment());
        assertThat(read.others()).isEqualTo(listed.others());
        assertThat(read.chains().keySet()).isEqualTo(listed.chains().keySet());
        assertThat(read.sets().keySet()).isEqualTo(listed.sets().keySet());
        for (String same : List.of("networks", "ports", "sized", "marks")) {
            assertThat(read.sets().get(new SetName(same)))
                    .isEqualTo(listed.sets().get(new SetName(same)));
        }
        for (String other : List.of("counting", "hosts")) {
            assertThat(read.sets().get(new SetName(other)).type()).isInstanceOf(SetType.Foreign.class);
        }
        List<String> rules = rules(read).stream()
                .map(rule -> rule.replaceAll("__chain\\d+", "__chainN"))
                .toList();
        assertThat(rules)
                .containsExactly(
                        "tcp dport 22 accept comment \"shell\"",
                        "ip saddr { 10.0.0.0/8, 192.0.2.0/29, 192.0.2.8/31 } drop",
                        "ct state { established, related } accept",
                        "ct state established,related accept",
                        "log prefix \"x\" limit rate 5/second counter name \"seen\" drop",
                        "iifname { \"eth0\", \"eth1\" } jump other",
                        "tcp dport { 80, 443 } ip daddr vmap { 192.0.2.7 : drop, 192.0.2.8 : jump other }",
                        "meta mark 0x00000007 meta mark set 0x00000008",
                        "ip protocol icmp accept",
                        "oifname \"wg*\" ip daddr != 192.0.2.0/25 return",
                        "jump __chainN");
        assertThat(rules(listed)).containsAll(rules.subList(2, 4)).containsAll(rules.subList(5, 8));
    }

    private static List<String> rules(Table table) {
        return table.chains().get(new ChainName("c")).rules().stream()
                .map(rule -> RuleText.write(rule, IpFamily.IPV4))
                .toList();
    }

    @Test
    void readsTheClientsOfAffinityMaps() {
        namespace.load("""
                table ip kube-proxy {
                	map both { type ipv4_addr : ipv4_addr . inet_service; flags timeout; timeout 1h;
                		elements = { 192.0.2.1 : 10.0.0.1 . 80 } }
                	map address { type ipv4_addr : ipv4_addr; flags timeout; timeout 1h; elements = { 192.0.2.2 : 10.0.0.2 } }
                	map port { type ipv4_addr : inet_service; flags timeout; timeout 1h; elements = { 192.0.2.3 : 8080 } }
                }
                """);

        assertThat(clients("both"))
                .isEqualTo(new Client(Ip.parse("192.0.2.1"), Optional.of(Ip.parse("10.0.0.1")), OptionalInt.of(80)));
        assertThat(clients("address"))
                .isEqualTo(new Client(Ip.parse("192.0.2.2"), Optional.of(Ip.parse("10.0.0.2")), OptionalInt.empty()));
        assertThat(clients("port"))
                .isEqualTo(new Client(Ip.parse("192.0.2.3"), Optional.empty(), OptionalInt.of(8080)));
    }

    private Client clients(String map) {
        return reader.clients(IpFamily.IPV4, new SetName(map)).orElseThrow().getFirst();
    }
}

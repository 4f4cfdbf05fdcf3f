package io.fairlead.agent.xtables;

import static io.fairlead.core.fixture.Notices.remarks;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.fixture.ClusterObjects;
import io.fairlead.core.fixture.KernelAccess;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.iptables.IptablesChange;
import io.fairlead.iptables.IptablesKernel;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.iptables.IptablesOptions.Variant;
import io.fairlead.iptables.IptablesRuleset;
import io.fairlead.iptables.kernel.RawTables;
import io.fairlead.iptables.kernel.RawTables.MapTarget;
import io.fairlead.iptables.kernel.RawTables.RawRule;
import io.fairlead.iptables.rule.Table;
import io.fairlead.lab.Lab;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessResult;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests reading objects from nf_tables that the output of iptables-nft does not show. */
@Tag("kernel")
class NetlinkTablesKernelTest {
    private static final String CHAIN = "KUBE-SVC-2222222222222222";

    private Lab lab;
    private RawTables tables;
    private Backend<IptablesRuleset, IptablesChange> backend;

    @BeforeEach
    void open() {
        KernelAccess.require();
        lab = Lab.open(new ExecProcessRunner(), "raw", List.of(Ip.parse("192.0.2.1"), Ip.parse("2001:db8::1")));
        tables = NetlinkTables.of(lab.node().namespace());
        backend = new IptablesKernel(
                        lab.nodeRunner(), IptablesOptions.defaults().with(Variant.NFT))
                .seeing(tables)
                .backend();
    }

    @AfterEach
    void close() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void reportsNothingForAnEmptyKernel() {
        assertThat(tables.chains(IpFamily.IPV4, Table.NAT)).isEmpty();
        assertThat(tables.rules(IpFamily.IPV4, Table.NAT, "PREROUTING")).isEmpty();
        assertThat(tables.maps(IpFamily.IPV4, Table.NAT)).isEmpty();
        assertThat(NetlinkTables.of("no-such-namespace").chains(IpFamily.IPV4, Table.NAT))
                .isEmpty();
    }

    @Test
    void reportsChainsAndTheTargetsOfRules() {
        bring(services(2));
        nft("add chain ip nat other");
        nft("add map ip nat m { type ipv4_addr : verdict ; elements = { 192.0.2.9 : goto KUBE-MARK-MASQ } ; }");
        nft("add rule ip nat other ip daddr vmap { 192.0.2.7 : jump KUBE-SERVICES }");
        nft("add rule ip nat other ip daddr vmap @m");
        nft("add rule ip nat other oifname wg0 masquerade comment mine");
        nft("add set ip nat s { type ipv4_addr ; }");
        nft("add rule ip nat other ip saddr @s jump KUBE-SERVICES comment \"kubernetes service portals\"");

        assertThat(tables.chains(IpFamily.IPV4, Table.NAT))
                .contains("PREROUTING", "KUBE-SERVICES", "KUBE-MARK-MASQ", "other");
        assertThat(tables.rules(IpFamily.IPV4, Table.NAT, "PREROUTING"))
                .containsExactly(new RawRule("KUBE-SERVICES", "kubernetes service portals", List.of()));
        assertThat(tables.rules(IpFamily.IPV4, Table.NAT, "other"))
                .containsExactly(
                        new RawRule("", "", List.of("__map0")),
                        new RawRule("", "", List.of("m")),
                        new RawRule("", "mine", List.of()),
                        new RawRule("KUBE-SERVICES", "kubernetes service portals", List.of("s")));
        assertThat(tables.maps(IpFamily.IPV4, Table.NAT))
                .containsExactlyInAnyOrder(
                        new MapTarget("__map0", "KUBE-SERVICES"), new MapTarget("m", "KUBE-MARK-MASQ"));
        assertThat(tables.maps(IpFamily.IPV6, Table.NAT)).isEmpty();
    }

    /** Tests more chains than one datagram can contain. */
    @Test
    void reportsEachOfManyChains() {
        bring(services(500));
        assertThat(tables.chains(IpFamily.IPV4, Table.NAT))
                .filteredOn(chain -> chain.startsWith("KUBE-SVC-") && !chain.startsWith("KUBE-SVC-T-"))
                .hasSize(500)
                .doesNotHaveDuplicates();
    }

    /** Tests that chains of deleted Services are found by their names, and that a cleanup removes all chains. */
    @ParameterizedTest
    @CsvSource({"other", "POSTROUTING"})
    void findsOurChainsInATableThatIptablesCannotPrint(String chain) {
        bring(services(3));
        if (chain.equals("other")) {
            nft("add chain ip nat other");
        }
        nft("insert rule ip nat " + chain + " oifname wg0 masquerade");
        bring(services(1));

        assertThat(tables.chains(IpFamily.IPV4, Table.NAT).stream().filter(name -> name.startsWith("KUBE-SVC-")))
                .hasSize(1);
        assertThat(remarks(backend)).singleElement().asString().contains("cannot show chain " + chain);

        backend.kernel().apply(backend.layout().removal(backend.kernel().read()));
        assertThat(tables.chains(IpFamily.IPV4, Table.NAT)).noneMatch(name -> name.startsWith("KUBE-"));
        assertThat(nft("list chain ip nat " + chain)).contains("masquerade");
        assertThat(backend.layout().leftovers(backend.kernel().read())).isEmpty();
    }

    /** Tests references that iptables does not print. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "add rule ip nat other ip daddr vmap { 192.0.2.7 : jump KUBE-SVC-2222222222222222 } | a rule in chain other",
                "add map ip nat m { type ipv4_addr : verdict ; elements = { 192.0.2.7 : jump KUBE-SVC-2222222222222222 } ; }"
                        + " | map m",
                "add rule ip nat other oifname wg0 masquerade ; add rule ip nat other jump KUBE-SVC-2222222222222222"
                        + " | a rule in chain other"
            })
    void reportsWhatRefersToAChain(String commands, String who) {
        bring(services(1));
        nft("add chain ip nat " + CHAIN);
        nft("add rule ip nat " + CHAIN + " counter");
        nft("add chain ip nat other");
        for (String command : commands.split(" ; (?=add rule)", -1)) {
            nft(command);
        }
        bring(services(2));

        assertThat(remarks(backend))
                .contains("cannot delete chain " + CHAIN + " in IPv4 table nat: " + who
                        + " leads to it; the chain stays without rules");
        assertThat(tables.rules(IpFamily.IPV4, Table.NAT, CHAIN)).isEmpty();
    }

    /**
     * Tests a jump of another program that uses a set. iptables-nft-save prints it without the set, exactly like
     * Fairlead's jump. The other program's rule must stay, and Fairlead's rule must exist in addition.
     */
    @ParameterizedTest
    @CsvSource({"add", "insert"})
    void aJumpThatUsesASetIsNotOurs(String how) {
        if (how.equals("add")) {
            bring(services(1));
        } else {
            nft("add table ip nat");
            lab.nodeRunner().run(Command.of("iptables-nft", "-t", "nat", "-A", "PREROUTING", "-j", "RETURN"));
            nft("add chain ip nat KUBE-SERVICES");
        }
        nft("add set ip nat s { type ipv4_addr ; }");
        String foreign = "ip saddr @s jump KUBE-SERVICES comment \"kubernetes service portals\"";
        nft(how + " rule ip nat PREROUTING " + foreign);
        for (int services = 1; services < 4; services++) {
            bring(services(services));
            assertThat(nft("list chain ip nat PREROUTING").split("jump KUBE-SERVICES", -1))
                    .hasSize(3);
        }
        assertThat(nft("list chain ip nat PREROUTING")).contains("@s jump KUBE-SERVICES");

        backend.kernel().apply(backend.layout().removal(backend.kernel().read()));
        assertThat(nft("list chain ip nat PREROUTING").lines().filter(line -> line.contains("KUBE-SERVICES")))
                .singleElement()
                .asString()
                .contains("@s jump KUBE-SERVICES");
        assertThat(backend.layout().leftovers(backend.kernel().read()))
                .singleElement()
                .asString()
                .contains("cannot delete chain KUBE-SERVICES");
    }

    private void bring(IptablesRuleset desired) {
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), desired));
    }

    private IptablesRuleset services(int count) {
        return backend.layout()
                .render(Planner.plan(
                        ClusterState.of(
                                IntStream.range(0, count)
                                        .mapToObj(i -> ClusterObjects.service(
                                                "svc-" + i, "10.96." + i / 250 + "." + (1 + i % 250)))
                                        .collect(Collectors.toMap(service -> service.name(), service -> service)),
                                IntStream.range(0, count)
                                        .mapToObj(i -> ClusterObjects.slice(
                                                "svc-" + i, "10.244." + i / 250 + "." + (1 + i % 250)))
                                        .collect(Collectors.toMap(slice -> slice.key(), slice -> slice)),
                                Map.of(),
                                Map.of()),
                        NodeSettings.defaults(ProxyMode.IPTABLES, "node-a")));
    }

    private String nft(String command) {
        ProcessResult result =
                lab.nodeRunner().run(Command.of(Stream.of("nft", command).toArray(String[]::new)));
        assertThat(result.succeeded()).as(result.error()).isTrue();
        return result.output();
    }
}

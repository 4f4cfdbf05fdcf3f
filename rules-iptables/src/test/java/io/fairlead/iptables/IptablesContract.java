package io.fairlead.iptables;

import static io.fairlead.core.fixture.Notices.remarks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.fixture.ClusterObjects;
import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Follower;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.kernel.RecentLists;
import io.fairlead.iptables.render.EndpointLayout;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Comment;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Rule;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.iptables.rule.Target;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the behaviour that real iptables programs of both variants and the fake have in common. */
abstract class IptablesContract {
    private static final String FOREIGN = """
            *nat
            :CNI-HOSTPORT - [0:0]
            -A CNI-HOSTPORT -p tcp -m tcp --dport 8081 -j DNAT --to-destination 10.244.1.77:80
            -A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT
            -A POSTROUTING -s 172.17.0.0/16 -j MASQUERADE
            COMMIT
            *filter
            :KUBE-FIREWALL - [0:0]
            -A KUBE-FIREWALL -m mark --mark 0x8000/0x8000 -j DROP
            -A INPUT -j KUBE-FIREWALL
            -A INPUT -s 10.9.0.0/16 -j DROP
            -A FORWARD -s 10.9.0.0/16 -j DROP
            COMMIT
            """;

    /** Every call of a program, in order. */
    private final List<Command> calls = new ArrayList<>();

    private ProcessRunner kernel;
    private Backend<IptablesRuleset, IptablesChange> backend;

    abstract ProcessRunner kernel();

    abstract IptablesOptions options();

    @BeforeEach
    void startFresh() {
        kernel = kernel();
        backend = new IptablesKernel(
                        command -> {
                            calls.add(command);
                            return kernel.run(command);
                        },
                        options(),
                        new RecentLists(Path.of("/nonexistent")))
                .backend();
    }

    @AfterEach
    void clearAway() throws Exception {
        if (kernel instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    @Test
    void hasNothingOfOursAtFirst() {
        assertThat(backend.kernel().read().text()).isEqualTo("# iptables\n# ip6tables\n");
    }

    @Test
    void readsBackWhatWasApplied() {
        for (long seed = 1; seed <= seeds(); seed++) {
            IptablesRuleset desired = backend.layout()
                    .render(RandomCluster.of(seed, ProxyMode.IPTABLES).plan());
            backend.kernel().apply(backend.layout().diff(backend.kernel().read(), desired));
            IptablesRuleset read = backend.kernel().read();
            assertThat(withoutKubelet(read).text())
                    .as("seed %d", seed)
                    .isEqualTo(withoutKubelet(desired).text());
            assertThat(withoutKubelet(read)).as("seed %d", seed).isEqualTo(withoutKubelet(desired));
            assertThat(backend.layout().diff(read, desired).text())
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void changesWhatDiffersAndNothingElse() {
        RandomCluster cluster = RandomCluster.of(7, ProxyMode.IPTABLES);
        for (long mutation = 1; mutation <= seeds(); mutation++) {
            IptablesRuleset desired =
                    backend.layout().render(cluster.mutated(mutation).plan());
            IptablesRuleset before = backend.kernel().read();
            IptablesChange change = backend.layout().diff(before, desired);
            backend.kernel().apply(change);
            assertThat(withoutKubelet(backend.kernel().read()))
                    .as("mutation %d", mutation)
                    .isEqualTo(withoutKubelet(desired));
        }
    }

    @Test
    void appliesNothingTheSecondTime() {
        IptablesRuleset desired = backend.layout().render(services(3).plan());
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), desired));
        calls.clear();
        IptablesChange second = backend.layout().diff(backend.kernel().read(), desired);
        backend.kernel().apply(second);
        assertThat(second.isEmpty()).isTrue();
        assertThat(second.report().isEmpty()).isTrue();
        assertThat(calls).noneMatch(call -> call.words().getFirst().endsWith("-restore"));
    }

    @Test
    void leavesForeignRulesAloneAndRemovesOnlyItsOwn() {
        raw("-restore", FOREIGN);
        String before = foreign();
        backend.kernel()
                .apply(backend.layout()
                        .diff(
                                backend.kernel().read(),
                                backend.layout().render(services(3).plan())));
        assertThat(foreign()).isEqualTo(before);
        assertThat(raw("-save", "")).contains("KUBE-SVC-");
        backend.kernel().apply(backend.layout().removal(backend.kernel().read()));
        assertThat(foreign()).isEqualTo(before);
        String left = raw("-save", "");
        assertThat(left.lines().filter(line -> line.contains("KUBE-") && !line.contains("KUBE-FIREWALL")))
                .isEmpty();
        assertThat(left)
                .contains("-A KUBE-FIREWALL -m mark --mark 0x8000/0x8000 -j DROP")
                .contains("-A INPUT -j KUBE-FIREWALL");
        assertThat(backend.layout().removal(backend.kernel().read()).isEmpty()).isTrue();
    }

    @Test
    void putsJumpsBackInOrderAboveForeignRules() {
        IptablesRuleset desired = backend.layout().render(services(1).plan());
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), desired));
        raw("-restore", """
                *filter
                -D FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
                -A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
                -I FORWARD -s 10.9.0.0/16 -j DROP
                -A INPUT -p tcp -m tcp --dport 22 -j KUBE-SERVICES
                COMMIT
                """);
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), desired));
        assertThat(backend.kernel().read().text()).isEqualTo(desired.text());
        assertThat(raw("-save", ""))
                .contains("-A FORWARD -s 10.9.0.0/16 -j DROP")
                .contains("-A INPUT -p tcp -m tcp --dport 22 -j KUBE-SERVICES");
        assertThat(backend.layout().diff(backend.kernel().read(), desired).text())
                .isEmpty();
    }

    @Test
    void aJumpThatAnotherProgramPutIntoAKernelsChainStays() {
        IptablesRuleset desired = backend.layout().render(services(2).plan());
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), desired));
        raw("-restore", """
                *nat
                -A OUTPUT -s 203.0.113.201/32 -m comment --comment "of another program" -j KUBE-MARK-MASQ
                -A PREROUTING -j KUBE-SERVICES
                COMMIT
                *filter
                -A FORWARD -s 203.0.113.202/32 -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
                COMMIT
                """);
        String before = raw("-save", "").replaceAll("(?m)^#.*\n", "");

        assertThat(backend.layout().diff(backend.kernel().read(), desired).text())
                .isEmpty();
        backend.kernel()
                .apply(backend.layout()
                        .diff(
                                backend.kernel().read(),
                                backend.layout().render(services(3).plan())));
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), desired));
        assertThat(raw("-save", "").replaceAll("(?m)^#.*\n", "")).isEqualTo(before);

        backend.kernel().apply(backend.layout().removal(backend.kernel().read()));
        assertThat(raw("-save", "")
                        .lines()
                        .filter(line -> line.startsWith("-A ") && !line.startsWith("-A KUBE-FIREWALL ")))
                .containsExactlyInAnyOrder(
                        "-A OUTPUT -s 203.0.113.201/32 -m comment --comment \"of another program\" -j KUBE-MARK-MASQ",
                        "-A PREROUTING -j KUBE-SERVICES",
                        "-A FORWARD -s 203.0.113.202/32 -m comment --comment \"kubernetes forwarding rules\" -j KUBE-FORWARD",
                        "-A INPUT -j KUBE-FIREWALL",
                        "-A OUTPUT -j KUBE-FIREWALL");
        assertThat(backend.layout().leftovers(backend.kernel().read()))
                .containsExactly(
                        "cannot delete chain KUBE-FORWARD in IPv4 table filter: a rule in chain FORWARD leads to it; the chain stays without rules",
                        "cannot delete chain KUBE-MARK-MASQ in IPv4 table nat: a rule in chain OUTPUT leads to it; the chain stays without rules",
                        "cannot delete chain KUBE-SERVICES in IPv4 table nat: a rule in chain PREROUTING leads to it; the chain stays without rules");
    }

    private static final String REFERRING = """
            *nat
            :KUBE-SVC-2222222222222222 - [0:0]
            :KUBE-SVC-3333333333333333 - [0:0]
            :KUBE-SEP-3333333333333333 - [0:0]
            :OTHER - [0:0]
            -A PREROUTING -j OTHER
            -A OTHER -d 203.0.113.200/32 -p tcp -j KUBE-SVC-2222222222222222
            -A KUBE-SVC-2222222222222222 -j KUBE-SEP-3333333333333333
            -A KUBE-SVC-3333333333333333 -j KUBE-SEP-3333333333333333
            -A KUBE-SEP-3333333333333333 -p tcp -m tcp -j DNAT --to-destination 10.244.1.77:80
            COMMIT
            """;

    @Test
    void aChainThatAnotherProgramRefersToStaysWithoutRulesAndAllElseIsWritten() {
        raw("-restore", REFERRING);
        String before = foreign();
        IptablesRuleset desired = backend.layout().render(services(2).plan());

        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), desired));

        assertIsDesiredButForTheReferredChain(desired, before);
        assertThat(remarks(backend))
                .containsExactly("cannot delete chain KUBE-SVC-2222222222222222 in IPv4 table nat:"
                        + " a rule in chain OTHER leads to it; the chain stays without rules");
        backend.kernel().apply(backend.layout().removal(backend.kernel().read()));
        assertThat(raw("-save", "").lines().filter(line -> line.startsWith(":KUBE-")))
                .containsExactlyInAnyOrder(":KUBE-FIREWALL - [0:0]", ":KUBE-SVC-2222222222222222 - [0:0]");
        assertThat(backend.layout().leftovers(backend.kernel().read()))
                .singleElement()
                .asString()
                .contains("chain OTHER");

        raw("-restore", "*nat\n:OTHER - [0:0]\nCOMMIT\n");
        backend.kernel().apply(backend.layout().removal(backend.kernel().read()));
        assertThat(raw("-save", "")).doesNotContain("KUBE-SVC");
        assertThat(backend.layout().leftovers(backend.kernel().read())).isEmpty();
    }

    /** In nf_tables, a map can also refer to a chain. iptables does not show this. */
    @Test
    void aReferenceThatCouldNotBeReadStopsNothingElse() {
        raw("-restore", REFERRING);
        String before = foreign();
        IptablesRuleset desired = backend.layout().render(services(2).plan());

        backend.kernel()
                .apply(backend.layout().diff(withoutReferrers(backend.kernel().read()), desired));

        assertThat(remarks(backend))
                .containsExactly("cannot delete chain KUBE-SVC-2222222222222222 in IPv4 table nat:"
                        + " a rule or map of another program that iptables does not show leads to it; the chain"
                        + " stays without rules");
        assertIsDesiredButForTheReferredChain(desired, before);
        backend.kernel()
                .apply(backend.layout()
                        .removal(withoutReferrers(backend.kernel().read())));
        assertThat(raw("-save", "").lines().filter(line -> line.startsWith(":KUBE-")))
                .containsExactlyInAnyOrder(":KUBE-FIREWALL - [0:0]", ":KUBE-SVC-2222222222222222 - [0:0]");
    }

    private void assertIsDesiredButForTheReferredChain(IptablesRuleset desired, String foreignBefore) {
        assertThat(foreign()).isEqualTo(foreignBefore);
        assertThat(raw("-save", "").lines().filter(line -> line.contains("2222") || line.contains("3333")))
                .containsExactly(
                        ":KUBE-SVC-2222222222222222 - [0:0]",
                        "-A OTHER -d 203.0.113.200/32 -p tcp -j KUBE-SVC-2222222222222222");
        assertThat(backend.kernel().read().text().replace(":KUBE-SVC-2222222222222222 - [0:0]\n", ""))
                .isEqualTo(desired.text());
        assertThat(backend.layout().diff(backend.kernel().read(), desired).text())
                .isEmpty();
    }

    private static IptablesRuleset withoutReferrers(IptablesRuleset rules) {
        return IptablesRuleset.of(rules.families().values().stream()
                .map(family -> FamilyRules.of(
                        family.family(),
                        family.tables().values().stream()
                                .map(table -> table.with(new TreeMap<>()))
                                .toArray(TableRules[]::new)))
                .toArray(FamilyRules[]::new));
    }

    @Test
    void takesOverWhatAnOldKubeProxyLeft() {
        raw("-restore", """
                *nat
                :KUBE-FW-GS7VUV4NFC2NA6UK - [0:0]
                :KUBE-MARK-DROP - [0:0]
                :KUBE-MARK-MASQ - [0:0]
                :KUBE-POSTROUTING - [0:0]
                :KUBE-SEP-3IHHUFR2KYE7CM33 - [0:0]
                :KUBE-SERVICES - [0:0]
                :KUBE-SVC-GS7VUV4NFC2NA6UK - [0:0]
                :KUBE-XLB-GS7VUV4NFC2NA6UK - [0:0]
                -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                -A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
                -A KUBE-MARK-DROP -j MARK --set-xmark 0x8000/0x8000
                -A KUBE-SERVICES -d 203.0.113.4/32 -p tcp -m tcp --dport 443 -j KUBE-FW-GS7VUV4NFC2NA6UK
                -A KUBE-FW-GS7VUV4NFC2NA6UK -j KUBE-XLB-GS7VUV4NFC2NA6UK
                -A KUBE-FW-GS7VUV4NFC2NA6UK -j KUBE-MARK-DROP
                -A KUBE-XLB-GS7VUV4NFC2NA6UK -s 192.0.2.0/24 -j KUBE-SVC-GS7VUV4NFC2NA6UK
                -A KUBE-XLB-GS7VUV4NFC2NA6UK -j KUBE-MARK-DROP
                -A KUBE-SVC-GS7VUV4NFC2NA6UK -j KUBE-SEP-3IHHUFR2KYE7CM33
                -A KUBE-SEP-3IHHUFR2KYE7CM33 -p tcp -m tcp -j DNAT --to-destination 192.0.2.56:443
                COMMIT
                *filter
                :KUBE-FIREWALL - [0:0]
                :KUBE-SERVICES - [0:0]
                -A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                -A INPUT -j KUBE-FIREWALL
                -A KUBE-FIREWALL -m comment --comment "kubernetes firewall for dropping marked packets" -m mark --mark 0x8000/0x8000 -j DROP
                COMMIT
                """);
        IptablesRuleset desired = backend.layout().render(services(2).plan());
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), desired));

        assertThat(withoutKubelet(backend.kernel().read())).isEqualTo(withoutKubelet(desired));
        assertThat(backend.layout().diff(backend.kernel().read(), desired).text())
                .isEmpty();
        assertThat(raw("-save", ""))
                .contains("-m mark --mark 0x8000/0x8000 -j DROP")
                .doesNotContain("KUBE-XLB", "KUBE-MARK-DROP");
    }

    @Test
    void aServiceThatGoesWhileAnotherProgramRefersToItIsFollowed() {
        Services some = services(3);
        ChainName chain = ChainName.Kind.CLUSTER.of(port("svc-1"));
        backend.kernel()
                .apply(backend.layout()
                        .diff(backend.kernel().read(), backend.layout().render(some.plan())));
        raw("-restore", "*nat\n:OTHER - [0:0]\n-A OTHER -j " + chain + "\nCOMMIT\n");
        Planner planner = new Planner(NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"));
        planner.replace(some.state());
        planner.update();
        Follower<IptablesChange> follower =
                backend.layout().follow(backend.kernel().read(), planner.plan());
        for (int count : new int[] {1, 3, 1}) {
            planner.replace(services(count).state());
            backend.kernel().apply(follower.change(planner.update()));
            follower.accepted();
            assertThat(remarks(backend))
                    .hasSize(count == 3 ? 0 : 1)
                    .allSatisfy(remark -> assertThat(remark).contains(chain.text(), "chain OTHER"));
            String desired = backend.layout().render(services(count).plan()).text();
            assertThat(backend.kernel().read().text())
                    .isEqualTo(count == 3 ? desired : backend.kernel().read().text())
                    .contains(":" + chain + " ");
            assertThat(backend.kernel().read().text().replace(":" + chain + " - [0:0]\n", ""))
                    .isEqualTo(desired.replace(":" + chain + " - [0:0]\n", ""));
        }
    }

    /** Another program jumps to this chain to mark packets, and expects that marked packets are dropped. */
    @Test
    void theChainThatMarksForDroppingStaysAsItIsWhileAnotherProgramRefersToIt() {
        raw("-restore", """
                *nat
                :KUBE-MARK-DROP - [0:0]
                :OTHER - [0:0]
                -A KUBE-MARK-DROP -j MARK --set-xmark 0x8000/0x8000
                -A OTHER -j KUBE-MARK-DROP
                COMMIT
                """);
        IptablesRuleset desired = backend.layout().render(services(1).plan());
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), desired));
        assertThat(raw("-save", "")).contains("-A KUBE-MARK-DROP -j MARK --set-xmark 0x8000/0x8000");
        raw("-restore", "*nat\n:OTHER - [0:0]\nCOMMIT\n");
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), desired));
        assertThat(raw("-save", "")).doesNotContain("KUBE-MARK-DROP");
    }

    @Test
    void aTableThatIsRefusedStopsNeitherTheOthersNorTheOtherFamily() {
        IptablesRuleset desired = backend.layout().render(dualStack().plan());
        IptablesRuleset broken = brokenForAll(desired);

        assertThatThrownBy(() -> backend.kernel()
                        .apply(backend.layout().diff(backend.kernel().read(), broken)))
                .isInstanceOfSatisfying(
                        ApplyFailedException.class, e -> assertThat(e.atFault()).isEmpty())
                .hasMessageContaining("refused table nat");

        IptablesRuleset read = backend.kernel().read();
        assertThat(read.families().get(IpFamily.IPV6))
                .isEqualTo(desired.families().get(IpFamily.IPV6));
        FamilyRules v4 = read.families().get(IpFamily.IPV4);
        assertThat(v4.table(Table.FILTER))
                .isEqualTo(desired.families().get(IpFamily.IPV4).table(Table.FILTER));
        assertThat(v4.table(Table.NAT)).isEqualTo(TableRules.empty(Table.NAT));
        assertThat(backend.layout().diff(read, broken).transactions())
                .extracting(TableChange::table)
                .containsExactly(Table.NAT);
    }

    static Services dualStack() {
        Services both = services(1);
        ServiceObject v6 = ClusterObjects.service("svc-v6", "fd00:96::1");
        both.services.put(v6.name(), v6);
        SliceObject slice = ClusterObjects.slice("svc-v6", "fd00:244::1");
        both.slices.put(slice.key(), slice);
        return both;
    }

    /**
     * Returns the rules with a rule of the node plan that the kernel refuses: a DNAT below POSTROUTING. No Service is
     * at fault.
     */
    private static IptablesRuleset brokenForAll(IptablesRuleset rules) {
        FamilyRules family = rules.families().get(IpFamily.IPV4);
        TreeMap<Table, TableRules> tables = new TreeMap<>(family.tables());
        TreeMap<ChainName, Chain> chains = new TreeMap<>(family.table(Table.NAT).chains());
        Rule translation = new Rule.Known(
                List.of(new Match.IsProtocol(Protocol.TCP)),
                new Target.Dnat(IpPort.parse("10.244.0.1:80")),
                Comment.NONE,
                new Origin.Node());
        chains.computeIfPresent(
                ChainName.POSTROUTING, (name, chain) -> new Chain(name, List.of(translation), chain.origin()));
        tables.put(
                Table.NAT,
                new TableRules(Table.NAT, chains, family.table(Table.NAT).jumps()));
        return IptablesRuleset.of(
                new FamilyRules(IpFamily.IPV4, tables), rules.families().get(IpFamily.IPV6));
    }

    @Test
    void replacesWhatItCannotHaveWritten() {
        IptablesRuleset desired = backend.layout().render(services(2).plan());
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), desired));
        ChainName chain = ChainName.Kind.CLUSTER.of(port("svc-1"));
        raw(
                "-restore",
                "*nat\n-I " + chain + " -m limit --limit 5/minute -j ACCEPT\n"
                        + ":KUBE-SVC-AAAAAAAAAAAAAAAA - [0:0]\n-A KUBE-SVC-AAAAAAAAAAAAAAAA -j ACCEPT\nCOMMIT\n");
        IptablesRuleset spoilt = backend.kernel().read();
        assertThat(spoilt.families()
                        .get(IpFamily.IPV4)
                        .table(Table.NAT)
                        .chains()
                        .get(chain)
                        .rules())
                .first()
                .isInstanceOf(Rule.ForeignRule.class);
        IptablesChange change = backend.layout().diff(spoilt, desired);
        assertThat(change.report().removed()).isEqualTo(3);
        backend.kernel().apply(change);
        assertThat(backend.kernel().read()).isEqualTo(desired);
    }

    @Test
    void restoresTheFirstTableWhenTheSecondIsRefused() {
        IptablesRuleset before = backend.layout().render(services(2).plan());
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), before));
        String save = raw("-save", "").replaceAll("(?m)^#.*\n", "");
        Services changed = services(3).without("svc-0");
        IptablesRuleset desired = broken(backend.layout().render(changed.plan()), port("svc-2"));
        IptablesChange change = backend.layout().diff(backend.kernel().read(), desired);
        assertThat(change.transactions()).extracting(it -> it.table()).startsWith(Table.FILTER, Table.NAT);
        assertThatThrownBy(() -> backend.kernel().apply(change))
                .isInstanceOfSatisfying(ApplyFailedException.class, e -> {
                    assertThat(e.atFault()).containsExactly(new Origin.Port(port("svc-2")));
                    assertThat(e.linesAtFault())
                            .isNotEmpty()
                            .allMatch(line ->
                                    line.contains("svc-2") || line.startsWith(":KUBE-") || line.startsWith("-A KUBE-"));
                    assertThat(e).hasMessageContaining("table nat").hasMessageContaining("default/svc-2:http");
                });
        assertThat(backend.kernel().read()).isEqualTo(before);
        assertThat(raw("-save", "").replaceAll("(?m)^#.*\n", "")).isEqualTo(save);
    }

    @Test
    void findsOneBadServiceAmongAThousandInFewRestores() {
        IptablesRuleset before = backend.layout().render(services(1).plan());
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), before));
        IptablesRuleset desired = broken(backend.layout().render(services(1000).plan()), port("svc-617"));
        IptablesChange change = backend.layout().diff(backend.kernel().read(), desired);
        calls.clear();
        assertThatThrownBy(() -> backend.kernel().apply(change))
                .isInstanceOfSatisfying(
                        ApplyFailedException.class,
                        e -> assertThat(e.atFault()).containsExactly(new Origin.Port(port("svc-617"))));
        // The suspects are 1,000 Services and the rules of the node. log2 of 1,001 is a little less than 10, and at
        // most 2 log2 n restores are allowed.
        assertThat(calls).hasSizeLessThanOrEqualTo(20);
        assertThat(backend.kernel().read()).isEqualTo(before);
    }

    /**
     * A linear chain becomes a tree, and then becomes linear again. In between, single Services are added and removed,
     * and after a restart the comparison finds no difference.
     */
    @Test
    void aTreeIsReadBackFollowedAndRemoved() {
        backend = new IptablesKernel(kernel, options().with(new Layout(20))).backend();
        Services all = services(10);
        backend.kernel()
                .apply(backend.layout()
                        .diff(backend.kernel().read(), backend.layout().render(all.plan())));
        Planner planner = new Planner(NodeSettings.defaults(ProxyMode.IPTABLES, "node-a"));
        planner.replace(all.state());
        planner.update();
        Follower<IptablesChange> follower =
                backend.layout().follow(backend.kernel().read(), planner.plan());
        for (int count : new int[] {60, 61, 59, 20, 40, 5}) {
            planner.replace(services(count).state());
            backend.kernel().apply(follower.change(planner.update()));
            follower.accepted();
            IptablesRuleset desired = backend.layout().render(services(count).plan());
            assertThat(desired.text().contains("KUBE-SVC-T-")).isEqualTo(count > 20);
            assertThat(backend.kernel().read()).isEqualTo(desired);
            assertThat(backend.layout().diff(backend.kernel().read(), desired).text())
                    .isEmpty();
        }
        backend.kernel()
                .apply(backend.layout()
                        .diff(
                                backend.kernel().read(),
                                backend.layout().render(services(60).plan())));
        backend.kernel().apply(backend.layout().removal(backend.kernel().read()));
        assertThat(raw("-save", "")).doesNotContain("KUBE-SVC");
    }

    /** In nf_tables, a packet may pass at most 16 nested chains. An IPv6 address has more digits than that. */
    @Test
    void theKernelTakesTheDeepestTreeThereIs() {
        backend = new IptablesKernel(kernel, options().with(Layout.TREE)).backend();
        Services deep = new Services(new HashMap<>(), new HashMap<>());
        for (int digit = 0; digit < 30; digit++) {
            for (int other = 1; other < 10; other++) {
                String name = "svc-" + digit + "-" + other;
                StringBuilder ip = new StringBuilder("fd000000000000000000000000000000");
                ip.setCharAt(2 + digit, Character.forDigit(other, 16));
                ServiceObject service =
                        ClusterObjects.service(name, ip.toString().replaceAll("(.{4})(?!$)", "$1:"));
                deep.services.put(service.name(), service);
                SliceObject slice = ClusterObjects.slice(name, "fd01::" + digit + ":" + other);
                deep.slices.put(slice.key(), slice);
            }
        }
        IptablesRuleset desired = backend.layout().render(deep.plan());
        assertThat(desired.text()).contains("-A KUBE-SVC-T-FD00000");

        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), desired));

        assertThat(backend.kernel().read()).isEqualTo(desired);
    }

    /**
     * Before the last part, no rule jumps to the chains written so far. If a part is refused, none of these chains is
     * kept.
     */
    @Test
    void aLargeChangeIsWrittenInParts() {
        Services some = services(12, 3);
        IptablesRuleset before = backend.layout().render(services(2).plan());
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), before));
        IptablesRuleset desired = backend.layout().render(some.plan());
        IptablesChange inParts = inParts(backend.layout().diff(backend.kernel().read(), desired));
        assertThat(inParts.transactions()).hasSizeGreaterThan(5);
        assertThat(inParts.transactions().subList(0, inParts.transactions().size() - 1))
                .allSatisfy(part -> assertThat(part.text()).doesNotContain("KUBE-SERVICES"));

        backend.kernel().apply(inParts);
        assertThat(backend.kernel().read()).isEqualTo(desired);
        backend.kernel().apply(backend.layout().diff(desired, before));

        IptablesChange broken = inParts(backend.layout().diff(backend.kernel().read(), broken(desired, port("svc-7"))));
        assertThatThrownBy(() -> backend.kernel().apply(broken))
                .isInstanceOfSatisfying(
                        ApplyFailedException.class,
                        e -> assertThat(e.atFault()).containsExactly(new Origin.Port(port("svc-7"))));
        assertThat(backend.kernel().read()).isEqualTo(before);
    }

    private static IptablesChange inParts(IptablesChange change) {
        return new IptablesChange(
                change.transactions().stream()
                        .flatMap(transaction -> transaction.parts(7).stream())
                        .toList(),
                change.options());
    }

    /**
     * When a branch is divided, rules of other Services move. None of these Services counts as faulty, and none of
     * their rules is lost.
     */
    @Test
    void findsTheBadServiceAmongThoseThatShareABranch() {
        backend = new IptablesKernel(kernel, options().with(Layout.TREE)).backend();
        IptablesRuleset before = backend.layout().render(services(8).plan());
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), before));
        for (int count : new int[] {12, 30}) {
            IptablesRuleset desired =
                    broken(backend.layout().render(services(count).plan()), port("svc-10"));
            assertThatThrownBy(() -> backend.kernel()
                            .apply(backend.layout().diff(backend.kernel().read(), desired)))
                    .isInstanceOfSatisfying(
                            ApplyFailedException.class,
                            e -> assertThat(e.atFault()).containsExactly(new Origin.Port(port("svc-10"))));
            assertThat(backend.kernel().read()).isEqualTo(before);
        }
        IptablesRuleset large = backend.layout().render(services(30).plan());
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), large));
        IptablesRuleset desired = broken(backend.layout().render(services(6).plan()), port("svc-5"));
        assertThatThrownBy(() -> backend.kernel()
                        .apply(backend.layout().diff(backend.kernel().read(), desired)))
                .isInstanceOfSatisfying(
                        ApplyFailedException.class,
                        e -> assertThat(e.atFault()).containsExactly(new Origin.Port(port("svc-5"))));
        assertThat(backend.kernel().read()).isEqualTo(large);
    }

    /** Changes the layout by a restart, in both directions, while the Services are unchanged. */
    @Test
    void changesFromOneLayoutOfEndpointsToTheOtherAndBack() {
        Plan plan = services(3, 4).seenFrom("node-z");
        Backend<IptablesRuleset, IptablesChange> compact =
                new IptablesKernel(kernel, options().with(EndpointLayout.COMPACT)).backend();
        IptablesRuleset all = backend.layout().render(plan);
        IptablesRuleset fewer = compact.layout().render(plan);
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), all));

        IptablesChange there = compact.layout().diff(compact.kernel().read(), fewer);
        assertThat(there.transactions()).hasSize(1);
        compact.kernel().apply(there);
        assertThat(compact.kernel().read()).isEqualTo(fewer);
        assertThat(raw("-save", "")).doesNotContain("KUBE-SEP-");
        assertThat(compact.layout().diff(compact.kernel().read(), fewer).isEmpty())
                .isTrue();

        IptablesChange back = backend.layout().diff(backend.kernel().read(), all);
        assertThat(back.transactions()).hasSize(1);
        backend.kernel().apply(back);
        assertThat(backend.kernel().read()).isEqualTo(all);
        compact.kernel().apply(compact.layout().diff(compact.kernel().read(), fewer));
        IptablesChange inParts = inParts(backend.layout().diff(backend.kernel().read(), all));
        assertThat(inParts.transactions()).hasSize(3);
        backend.kernel().apply(inParts);
        assertThat(backend.kernel().read()).isEqualTo(all);
        compact.kernel().apply(compact.layout().diff(compact.kernel().read(), fewer));
        compact.kernel().apply(compact.layout().removal(compact.kernel().read()));
        assertThat(raw("-save", "")).doesNotContain("KUBE-SVC");
    }

    @Test
    void findsTheBadServiceWhereEndpointsHaveNoChains() {
        backend = new IptablesKernel(kernel, options().with(EndpointLayout.COMPACT)).backend();
        IptablesRuleset before = backend.layout().render(services(2).seenFrom("node-z"));
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), before));
        IptablesRuleset desired = broken(backend.layout().render(services(30).seenFrom("node-z")), port("svc-17"));

        assertThatThrownBy(() -> backend.kernel()
                        .apply(backend.layout().diff(backend.kernel().read(), desired)))
                .isInstanceOfSatisfying(
                        ApplyFailedException.class,
                        e -> assertThat(e.atFault()).containsExactly(new Origin.Port(port("svc-17"))));

        assertThat(backend.kernel().read()).isEqualTo(before);
    }

    @Test
    void rewritesNoCommentsWhenAClusterBecomesLarge() {
        Services small = services(2);
        IptablesRuleset before = backend.layout().render(small.plan());
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), before));
        Services large = services(2);
        large.slices.putAll(services(3, 1000).slices);
        large.services.putAll(services(3).services);
        IptablesChange change =
                backend.layout().diff(backend.kernel().read(), backend.layout().render(large.plan()));
        assertThat(change.text())
                .contains(ChainName.Kind.CLUSTER.of(port("svc-2")).text())
                .doesNotContain(":" + ChainName.ofEndpoint(port("svc-1"), "10.244.0.1:8080"));
        backend.kernel().apply(change);
        IptablesRuleset desired = backend.layout().render(large.plan());
        assertThat(backend.kernel().read())
                .isEqualTo(backend.layout().after(before, backend.layout().diff(before, desired)));
        assertThat(backend.layout()
                        .diff(backend.kernel().read(), backend.layout().render(large.plan()))
                        .isEmpty())
                .isTrue();
    }

    /** Returns the number of random clusters to try. */
    int seeds() {
        return 10;
    }

    /**
     * Returns the rules without KUBE-FIREWALL. This chain is never deleted, so it may exist although the plan does not
     * need it.
     */
    private static IptablesRuleset withoutKubelet(IptablesRuleset rules) {
        return IptablesRuleset.of(rules.families().values().stream()
                .map(family -> new FamilyRules(family.family(), withoutKubelet(family)))
                .toArray(FamilyRules[]::new));
    }

    private static SortedMap<Table, TableRules> withoutKubelet(FamilyRules family) {
        TreeMap<Table, TableRules> tables = new TreeMap<>(family.tables());
        TableRules filter = family.table(Table.FILTER);
        TreeMap<ChainName, Chain> chains = new TreeMap<>(filter.chains());
        chains.remove(ChainName.KUBELET_FIREWALL);
        TreeMap<BuiltInChain, List<Rule>> jumps = new TreeMap<>();
        filter.jumps()
                .forEach((from, rules) -> jumps.put(
                        from,
                        rules.stream()
                                .filter(rule -> !ChainName.KUBELET_FIREWALL.equals(rule.leadsTo()))
                                .toList()));
        tables.put(Table.FILTER, new TableRules(Table.FILTER, chains, jumps));
        return tables;
    }

    private String foreign() {
        StringBuilder foreign = new StringBuilder();
        raw("-save", "")
                .lines()
                .filter(line -> line.startsWith("-A ") && !line.contains("KUBE-"))
                .forEach(line -> foreign.append(line).append('\n'));
        return foreign.toString();
    }

    private String raw(String tool, String input) {
        String program = options().variant().program(IpFamily.IPV4) + tool;
        ProcessResult result = kernel.run(
                tool.equals("-save")
                        ? Command.of(program)
                        : Command.of(program, "--noflush").withInput(input));
        assertThat(result.succeeded()).as(result.error()).isTrue();
        return result.output();
    }

    /**
     * Returns the rules with a fault: the endpoints of one Service are masqueraded, which the kernel refuses outside
     * POSTROUTING.
     */
    private static IptablesRuleset broken(IptablesRuleset rules, ServicePortName victim) {
        FamilyRules family = rules.families().get(IpFamily.IPV4);
        TreeMap<Table, TableRules> tables = new TreeMap<>(family.tables());
        TableRules nat = family.table(Table.NAT);
        TreeMap<ChainName, Chain> chains = new TreeMap<>(nat.chains());
        Origin origin = new Origin.Port(victim);
        nat.chains().forEach((name, chain) -> {
            if (chain.origin().equals(origin) && chain.rules().stream().anyMatch(IptablesContract::translates)) {
                Rule masquerade =
                        new Rule.Known(List.of(), new Target.Masquerade(false), new Comment(victim.text()), origin);
                chains.put(name, new Chain(name, List.of(masquerade), origin));
            }
        });
        assertThat(chains).isNotEqualTo(nat.chains());
        tables.put(Table.NAT, new TableRules(Table.NAT, chains, nat.jumps()));
        return IptablesRuleset.of(
                new FamilyRules(IpFamily.IPV4, tables), rules.families().get(IpFamily.IPV6));
    }

    private static boolean translates(Rule rule) {
        return rule instanceof Rule.Known known && known.target() instanceof Target.Dnat;
    }

    private static ServicePortName port(String service) {
        return new ServicePortName(new ServiceName("default", service), "http", Protocol.TCP);
    }

    /** Returns Services svc-0, svc-1, ..., each with one endpoint. */
    private static Services services(int count) {
        return services(count, 1);
    }

    private static Services services(int count, int endpoints) {
        Services all = new Services(new HashMap<>(), new HashMap<>());
        for (int i = 0; i < count; i++) {
            ServiceObject service = ClusterObjects.service("svc-" + i, "10.96." + i / 250 + "." + (1 + i % 250));
            all.services.put(service.name(), service);
            String[] ips = new String[endpoints];
            for (int j = 0; j < endpoints; j++) {
                ips[j] = "10." + (244 + j / 250) + "." + i / 250 + "." + (endpoints == 1 ? i % 250 : j % 250);
            }
            SliceObject slice = ClusterObjects.slice("svc-" + i, ips);
            all.slices.put(slice.key(), slice);
        }
        return all;
    }

    record Services(Map<ServiceName, ServiceObject> services, Map<SliceObject.Key, SliceObject> slices) {
        /** Returns the plan on the node on which all endpoints run. */
        Plan plan() {
            return seenFrom("node-a");
        }

        Plan seenFrom(String node) {
            return Planner.plan(state(), NodeSettings.defaults(ProxyMode.IPTABLES, node));
        }

        ClusterState state() {
            return ClusterState.of(services, slices, Map.of(), Map.of());
        }

        /** Removes the endpoints of one Service, and returns this object. */
        Services without(String service) {
            slices.keySet().removeIf(key -> key.name().equals(service + "-1"));
            return this;
        }
    }
}

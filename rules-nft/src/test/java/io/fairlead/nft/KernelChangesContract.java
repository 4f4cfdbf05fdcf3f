package io.fairlead.nft;

import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static io.fairlead.nft.fixture.Sync.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Edit;
import io.fairlead.core.rules.Follower;
import io.fairlead.nft.fixture.Plans;
import io.fairlead.nft.fixture.TestNamespace;
import io.fairlead.nft.kernel.Nftables;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests selected changes of the tables in a real kernel. Subclasses choose the access to the kernel: the program nft,
 * or netlink.
 */
public abstract class KernelChangesContract {
    private TestNamespace namespace;
    private Nftables nftables;
    private Backend<NftRuleset, NftChange> backend;

    @BeforeEach
    void openNamespace() {
        namespace = TestNamespace.open();
        nftables = open(namespace);
        backend = new NftKernel(nftables).backend();
    }

    /** Returns the access to the kernel that the subclass tests. */
    protected abstract Nftables open(TestNamespace namespace);

    @AfterEach
    void closeNamespace() throws Exception {
        if (nftables instanceof AutoCloseable closeable) {
            closeable.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    @Test
    void aSecondSyncWritesNothing() {
        assertThat(sync(backend, Plans.web(3)).isEmpty()).isFalse();

        assertThat(sync(backend, Plans.web(3)).text()).isEmpty();
    }

    @Test
    void followsAPlanThroughChanges() {
        Seeds.each(4, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.NFTABLES);
            Planner planner = new Planner(cluster.settings());
            planner.replace(cluster.state());
            planner.update();
            sync(backend, backend.layout().render(planner.plan()));
            Follower<NftChange> follower =
                    backend.layout().follow(backend.kernel().read(), planner.plan());
            for (int i = 0; i < 8; i++) {
                cluster = cluster.mutated(i);
                planner.replace(cluster.state());
                backend.kernel().apply(follower.change(planner.update()));
                follower.accepted();
            }
            assertThat(backend.layout()
                            .diff(backend.kernel().read(), backend.layout().render(planner.plan()))
                            .text())
                    .isEmpty();
        });
    }

    @Test
    void aHookComesWithTheServiceThatNeedsItAndStays() {
        sync(backend, Plans.web(1));
        assertThat(listing()).doesNotContain("chain filter-input {");

        sync(backend, Plans.web(0));
        sync(backend, Plans.web(1));

        assertThat(listing()).contains("chain filter-input {");
        assertThat(sync(backend, Plans.web(1)).text()).isEmpty();
    }

    @Test
    void growsToANumberOfEndpointsNeverSeenOnThisTable() {
        sync(backend, Plans.web(2));
        for (int pods : new int[] {3, 7, 40, 1, 199}) {
            sync(backend, Plans.web(pods));

            assertThat(backend.layout()
                            .diff(backend.kernel().read(), backend.layout().render(Plans.web(pods)))
                            .text())
                    .isEmpty();
        }
        assertThat(listing()).contains("chain pick-40 {", "numgen random mod 199");
    }

    @Test
    void growsAfterARestart() {
        sync(backend, Plans.web(2));
        Backend<NftRuleset, NftChange> restarted = new NftKernel(nftables).backend();

        NftChange change = sync(restarted, Plans.web(5));

        assertThat(change.text()).contains("add chain ip kube-proxy pick-5").doesNotContain("add table", "flush");
        assertThat(restarted
                        .layout()
                        .diff(restarted.kernel().read(), restarted.layout().render(Plans.web(5)))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void aRefusedTransactionLeavesEverythingAsItWas() {
        sync(backend, Plans.web(2));
        NftRuleset before = backend.kernel().read();
        NftChange change = backend.layout().diff(before, backend.layout().render(Plans.web(4)));
        namespace.load("add element ip kube-proxy tcp-endpoints { 10.96.0.10 . 80 . 3 : 10.9.9.9 . 9 }");
        String listed = listing();

        ApplyFailedException failure = catchThrowableOfType(
                ApplyFailedException.class, () -> backend.kernel().apply(change));

        assertThat(failure.kind()).isEqualTo(ApplyFailedException.Kind.EXISTS);
        assertThat(failure.atFault()).extracting(Origin::text).containsExactly("default/web:http");
        assertThat(failure.linesAtFault()).containsExactly("10.96.0.10 . 80 . 3 : 10.244.1.13 . 8080,");
        assertThat(failure).hasMessageContaining("File exists").hasMessageContaining("default/web:http");
        assertThat(listing()).isEqualTo(listed);
    }

    @Test
    void syncReadsAgainWhenSomebodyElseChangedTheTable() {
        sync(backend, Plans.web(2));
        NftChange outdated =
                backend.layout().diff(backend.kernel().read(), backend.layout().render(Plans.web(1)));
        namespace.load("delete element ip kube-proxy tcp-endpoints { 10.96.0.10 . 80 . 1 }");

        assertThatThrownBy(() -> backend.kernel().apply(outdated))
                .isInstanceOfSatisfying(
                        ApplyFailedException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(ApplyFailedException.Kind.NOT_FOUND));
        sync(backend, Plans.web(1));

        assertThat(sync(backend, Plans.web(1)).isEmpty()).isTrue();
    }

    @Test
    void tablesOfOthersSurviveSyncAndRemoval() {
        namespace.load("""
                table ip kube-proxy-of-another { chain a { type filter hook input priority 0; ip saddr 10.9.9.9 drop; }; }
                table inet kube-proxy { set s { type ipv4_addr; elements = { 10.9.9.8 }; }; }
                table ip nat { chain KUBE-SERVICES { ip daddr 10.96.0.1 counter; }; }
                """);
        String others = namespace.output("nft", "list", "ruleset");

        sync(backend, Plans.web(2));
        assertThat(namespace.output("nft", "list", "ruleset")).contains("table ip6 kube-proxy");
        backend.kernel().apply(backend.layout().removal(backend.kernel().read()));

        assertThat(namespace.output("nft", "list", "ruleset")).isEqualTo(others);
        assertThat(backend.layout().removal(backend.kernel().read()).isEmpty()).isTrue();
    }

    @Test
    void takesOverFromKubeProxyInOneTransaction() throws IOException {
        namespace.load(kubeProxysTables());
        NftRuleset desired = backend.layout().render(Plans.web(2));

        NftChange change = sync(backend, desired);

        assertThat(change.text()).contains("delete chain ip kube-proxy filter-prerouting\n");
        String listed = listing();
        assertThat(Pattern.compile("[a-z]+-[A-Z0-9]{8}-").matcher(listed).find())
                .as("no chain of kube-proxy's is left")
                .isFalse();
        assertThat(listed).doesNotContain("priority -90", "affinity-", "mark-for-masquerade");
        assertThat(backend.layout().diff(backend.kernel().read(), desired).text())
                .isEmpty();
    }

    @Test
    void putsRightWhatSomebodyPutIntoTheTable() {
        sync(backend, Plans.web(2));
        namespace.load("""
                add counter ip kube-proxy odd
                add set ip kube-proxy odd-set { type ipv4_addr; flags interval; elements = { 10.9.0.0/16 } }
                add chain ip kube-proxy odd-chain { type filter hook forward priority -5; policy drop; }
                add chain ip kube-proxy odd-inner
                add rule ip kube-proxy odd-inner counter name "odd"
                add rule ip kube-proxy odd-chain ip saddr @odd-set jump odd-inner
                insert rule ip kube-proxy services ip saddr @odd-set tcp dport { 1, 2, 3, 4, 5, 6, 7 } jump odd-inner
                add map ip kube-proxy odd-map { type ipv4_addr : verdict; elements = { 10.9.9.9 : jump odd-inner } }
                delete element ip kube-proxy service-ips { 10.96.0.10 . tcp . 80 }
                add element ip kube-proxy service-ips { 10.96.0.10 . tcp . 80 : jump odd-inner }
                """);

        NftChange change = sync(backend, Plans.web(2));

        assertThat(change.report().edits()).anySatisfy(edit -> {
            assertThat(edit.sign()).isEqualTo(Edit.Sign.REMOVE);
            assertThat(edit.place()).isEqualTo("ip kube-proxy chain services");
        });
        assertThat(listing()).doesNotContain("odd");
        assertThat(sync(backend, Plans.web(2)).isEmpty()).isTrue();
    }

    @Test
    void wakesATableThatSomebodyPutToSleep() {
        sync(backend, Plans.web(2));
        namespace.load("table ip kube-proxy { flags dormant; }");

        sync(backend, Plans.web(2));

        assertThat(listing()).doesNotContain("dormant");
        assertThat(sync(backend, Plans.web(2)).isEmpty()).isTrue();
    }

    @Test
    void recreatesAChainAtTheWrongPriority() {
        sync(backend, Plans.web(2));
        namespace.load("""
                flush chain ip kube-proxy nat-prerouting
                delete chain ip kube-proxy nat-prerouting
                add chain ip kube-proxy nat-prerouting { type nat hook prerouting priority -99; }
                """);

        sync(backend, Plans.web(2));

        assertThat(listing())
                .contains("type nat hook prerouting priority -100;")
                .doesNotContain("priority -99");
    }

    /** The test gives the map a type that an older release of Fairlead or another program may have given it. */
    @Test
    void replacesAMapThatIsOfAnotherType() {
        sync(backend, sticky(300));
        Matcher name = Pattern.compile("map (ep-([A-Z2-7]+)) ").matcher(listing());
        assertThat(name.find()).isTrue();
        namespace.load("""
                flush chain ip kube-proxy sticky-%2$s
                delete map ip kube-proxy %1$s
                add map ip kube-proxy %1$s { typeof numgen random mod 2 : ip daddr . tcp dport; }
                add element ip kube-proxy %1$s { 0 : 10.244.1.11 . 8080 }
                add rule ip kube-proxy sticky-%2$s meta l4proto tcp dnat ip to numgen random mod 1 map @%1$s
                """.formatted(name.group(1), name.group(2)));

        sync(backend, sticky(300));

        assertThat(listing()).doesNotContain("typeof numgen").doesNotContain("dnat ip to numgen");
        assertThat(sync(backend, sticky(300)).isEmpty()).isTrue();
    }

    private String affinityMap() {
        return Pattern.compile("aff-[A-Z2-7]{16}")
                .matcher(listing())
                .results()
                .findFirst()
                .orElseThrow()
                .group();
    }

    @Test
    void changesTheTimeOfAffinity() {
        Plan hours = sticky(10_800);
        Plan minutes = sticky(300);
        sync(backend, hours);
        String map = affinityMap();
        namespace.load("add element ip kube-proxy " + map + " { 198.51.100.7 : 10.244.1.10 . 8080 }");

        NftChange change = sync(backend, minutes);

        assertThat(change.text()).contains("timeout 300s").doesNotContain("delete map");
        assertThat(change.report().edits()).extracting(Edit::text).containsExactly("timeout 10800s", "timeout 300s");
        assertThat(listing()).contains("timeout 5m", "198.51.100.7").doesNotContain("timeout 3h;");
        assertThat(sync(backend, minutes).isEmpty()).isTrue();
    }

    @Test
    void affinityLeavesNothingBehind() {
        sync(backend, sticky(300));
        assertThat(listing()).contains("chain sticky-", "chain learn-", "map aff-");

        sync(backend, Plans.web(2));

        assertThat(listing()).doesNotContain("chain sticky-", "chain learn-", "map aff-", "set live-", "map ep-");
    }

    @Test
    void whatClientsAreRememberedIsNotPartOfTheRules() {
        sync(backend, sticky(300));
        String map = affinityMap();
        namespace.load("add element ip kube-proxy " + map + " { 198.51.100.7 : 10.244.1.10 . 8080 }");

        assertThat(sync(backend, sticky(300)).isEmpty()).isTrue();
        assertThat(listing()).contains("198.51.100.7");
    }

    @Test
    void clientsOfARemovedEndpointAreForgottenAndOthersStay() {
        sync(backend, sticky(300));
        String map = affinityMap();
        namespace.load("add element ip kube-proxy " + map
                + " { 198.51.100.7 : 10.244.1.10 . 8080, 198.51.100.8 : 10.244.1.11 . 8080 }");

        sync(backend, Plans.of(but(service("web", "10.96.0.10")).sticky(300).done(), Plans.webSlice(1)));

        assertThat(listing()).contains("198.51.100.7").doesNotContain("198.51.100.8");
    }

    private static Plan sticky(int seconds) {
        return Plans.of(but(service("web", "10.96.0.10")).sticky(seconds).done(), Plans.webSlice(2));
    }

    private static String kubeProxysTables() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(KernelChangesContract.class.getResourceAsStream("/kube-proxy.nft"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String listing() {
        return namespace.output("nft", "-y", "list", "table", "ip", "kube-proxy");
    }
}

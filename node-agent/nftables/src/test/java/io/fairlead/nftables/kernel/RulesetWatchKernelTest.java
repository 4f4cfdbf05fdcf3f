package io.fairlead.nftables.kernel;

import static io.fairlead.core.fixture.Notices.changedByOthers;
import static io.fairlead.nft.fixture.Sync.sync;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Notice;
import io.fairlead.nft.NftChange;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.NftRuleset;
import io.fairlead.nft.fixture.Plans;
import io.fairlead.nft.fixture.TestNamespace;
import io.fairlead.nft.kernel.RulesetWatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that changes of Fairlead's tables by other programs are detected, and that other changes are not reported. */
@Tag("kernel")
class RulesetWatchKernelTest {
    private TestNamespace namespace;
    private NetlinkNftables nftables;
    private RulesetWatch watch;
    private Backend<NftRuleset, NftChange> backend;

    @BeforeEach
    void open() {
        namespace = TestNamespace.open();
        nftables = NetlinkNftables.open(namespace.name());
        watch = RulesetWatch.open(namespace.name()).orElseThrow();
        backend = new NftKernel(nftables).watchedBy(watch).backend();
        sync(backend, backend.layout().render(Plans.web(3)));
    }

    @AfterEach
    void close() {
        if (watch != null) {
            watch.close();
            nftables.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    @Test
    void ourOwnTransactionsAreNotOthers() {
        assertThat(changedByOthers(backend)).isEmpty();
        for (int pods : new int[] {5, 2, 199, 1}) {
            sync(backend, backend.layout().render(Plans.web(pods)));
            assertThat(changedByOthers(backend)).isEmpty();
        }
    }

    @Test
    void tablesOfOthersAreNotOurs() {
        namespace.load("table inet others { set ports { type inet_service; elements = { 9 }; }; }");
        namespace.load("table ip kube-proxy-of-others { chain c { ip daddr 192.0.2.9 accept; }; }");

        assertThat(changedByOthers(backend)).isEmpty();
    }

    @Test
    void whoTakesAnElementAwayIsNamedOnce() {
        namespace.load("table inet others { }");
        namespace.load("delete element ip kube-proxy cluster-ips { 10.96.0.10 }");

        assertThat(changedByOthers(backend).map(Notice.ChangedByOthers::text))
                .hasValueSatisfying(who -> assertThat(who).matches("nft \\(\\d+\\)"));
        assertThat(changedByOthers(backend)).isEmpty();
    }

    @Test
    void aFlushOfEverythingIsNoticed() {
        namespace.output("nft", "flush", "ruleset");

        assertThat(changedByOthers(backend)).isPresent();
        assertThat(backend.kernel().read()).isEqualTo(NftRuleset.NONE);
        assertThat(changedByOthers(backend)).isEmpty();
    }

    @Test
    void whoChangesSomethingAroundOurOwnTransactionIsNamed() {
        namespace.load("table inet others { }");
        namespace.load("delete element ip kube-proxy cluster-ips { 10.96.0.10 }");
        backend.kernel()
                .apply(backend.layout()
                        .diff(
                                backend.layout().render(Plans.web(3)),
                                backend.layout().render(Plans.web(4))));

        assertThat(changedByOthers(backend).map(Notice.ChangedByOthers::text))
                .hasValueSatisfying(who -> assertThat(who).matches("nft \\(\\d+\\)"));
        assertThat(changedByOthers(backend)).isEmpty();
    }

    /** Simulates a change by another program after Fairlead's transaction and before its events are read. */
    @Test
    void whoChangesSomethingRightAfterOurTransactionIsNamed() {
        NftChange change = backend.layout()
                .diff(backend.layout().render(Plans.web(3)), backend.layout().render(Plans.web(4)));
        new NftKernel(nftables).apply(change);
        namespace.load("delete element ip kube-proxy cluster-ips { 10.96.0.10 }");
        watch.committed(change);

        assertThat(changedByOthers(backend).map(Notice.ChangedByOthers::text))
                .hasValueSatisfying(who -> assertThat(who).matches("nft \\(\\d+\\)"));
        assertThat(changedByOthers(backend)).isEmpty();
    }

    @Test
    void whatOthersDoToTablesOfTheirsDuringOurTransactionIsNoConcern() {
        NftChange change = backend.layout()
                .diff(backend.layout().render(Plans.web(3)), backend.layout().render(Plans.web(4)));
        namespace.load("table inet others { }");
        new NftKernel(nftables).apply(change);
        namespace.load("table inet others { set s { type ipv4_addr; }; }");
        watch.committed(change);

        assertThat(changedByOthers(backend)).isEmpty();
    }
}

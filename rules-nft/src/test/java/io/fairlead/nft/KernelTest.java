package io.fairlead.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.nft.apply.NftProgram;
import io.fairlead.nft.fixture.TestNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole way into a real kernel and back. */
class KernelTest {
    private TestNamespace namespace;
    private NftBackend backend;

    @BeforeEach
    void openNamespace() {
        namespace = TestNamespace.open();
        backend = new NftBackend(new NftProgram(namespace.runner()));
    }

    @AfterEach
    void closeNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    @Test
    void whatIsAppliedIsReadBack() {
        Seeds.each(12, seed -> {
            NftRuleset rules = rules(RandomCluster.of(seed, ProxyMode.NFTABLES));
            backend.apply(backend.removal(backend.read()));
            backend.apply(backend.diff(NftRuleset.NONE, rules));

            assertSame(backend.read(), rules);
            assertThat(backend.diff(backend.read(), rules).text()).isEmpty();
        });
    }

    @Test
    void theTextOfARulesetLoads() {
        Seeds.each(6, seed -> {
            NftRuleset rules = rules(RandomCluster.of(seed, ProxyMode.NFTABLES));
            backend.apply(backend.removal(backend.read()));
            namespace.load(rules.text());

            assertSame(backend.read(), rules);
        });
    }

    @Test
    void oneClusterBecomesAnother() {
        Seeds.each(10, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.NFTABLES);
            backend.sync(rules(cluster));
            NftRuleset current = backend.read();
            for (int i = 0; i < 3; i++) {
                NftRuleset desired = rules(cluster.mutated(i));
                NftChange change = backend.diff(current, desired);
                backend.apply(change);
                current = backend.after(current, desired);

                assertSame(backend.read(), current);
                assertThat(backend.diff(current, desired).text()).isEmpty();
            }
        });
    }

    @Test
    void anyClusterBecomesAnyOther() {
        Seeds.each(10, seed -> {
            backend.sync(rules(RandomCluster.of(seed, ProxyMode.NFTABLES)));
            NftRuleset desired = rules(RandomCluster.of(seed + 1_000_000, ProxyMode.NFTABLES));
            backend.sync(desired);

            assertThat(backend.diff(backend.read(), desired).text()).isEmpty();
        });
    }

    private NftRuleset rules(RandomCluster cluster) {
        return backend.render(cluster.plan());
    }

    /** Text first: its difference can be read. */
    private static void assertSame(NftRuleset actual, NftRuleset expected) {
        assertThat(actual.text()).isEqualTo(expected.text());
        assertThat(actual).isEqualTo(expected);
    }
}

package io.fairlead.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.nft.fixture.TestNamespace;
import io.fairlead.nft.kernel.NftProgram;
import io.fairlead.nft.kernel.Nftables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that rules are written into a real kernel and read back. */
@Tag("kernel")
class KernelTest extends NftablesContract {
    private TestNamespace namespace;

    @Override
    protected Nftables open() {
        namespace = TestNamespace.open();
        return new NftProgram(namespace.runner());
    }

    @AfterEach
    void closeNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    @Test
    void theTextOfARulesetLoads() {
        Backend<NftRuleset, NftChange> backend = new NftKernel(new NftProgram(namespace.runner())).backend();
        Seeds.each(6, seed -> {
            NftRuleset rules = backend.layout()
                    .render(RandomCluster.of(seed, ProxyMode.NFTABLES).plan());
            backend.kernel().apply(backend.layout().removal(backend.kernel().read()));
            namespace.load(rules.text());

            assertThat(backend.kernel().read().text()).isEqualTo(rules.text());
        });
    }
}

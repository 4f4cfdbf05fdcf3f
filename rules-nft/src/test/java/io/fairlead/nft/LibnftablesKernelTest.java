package io.fairlead.nft;

import io.fairlead.nft.fixture.TestNamespace;
import io.fairlead.nft.kernel.Libnftables;
import io.fairlead.nft.kernel.Nftables;
import org.junit.jupiter.api.Tag;

/** Tests changes by libnftables in this process. */
@Tag("kernel")
class LibnftablesKernelTest extends KernelChangesContract {

    @Override
    protected Nftables open(TestNamespace namespace) {
        return Libnftables.openIn(namespace.name());
    }
}

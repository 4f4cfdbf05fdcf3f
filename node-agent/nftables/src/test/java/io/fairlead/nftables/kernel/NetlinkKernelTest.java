package io.fairlead.nftables.kernel;

import io.fairlead.nft.KernelChangesContract;
import io.fairlead.nft.fixture.TestNamespace;
import io.fairlead.nft.kernel.Nftables;
import org.junit.jupiter.api.Tag;

/** Tests changes of rules in the kernel by netlink. */
@Tag("kernel")
class NetlinkKernelTest extends KernelChangesContract {

    @Override
    protected Nftables open(TestNamespace namespace) {
        return NetlinkNftables.open(namespace.name());
    }
}

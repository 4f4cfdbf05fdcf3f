package io.fairlead.nftables.kernel;

import io.fairlead.nft.NftablesContract;
import io.fairlead.nft.fixture.TestNamespace;
import io.fairlead.nft.kernel.Nftables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/**
 * Runs the contract of nftables with the kernel: it must accept and refuse the same changes as the nftables in memory,
 * which other tests use.
 */
@Tag("kernel")
class NetlinkContractKernelTest extends NftablesContract {
    private TestNamespace namespace;
    private NetlinkNftables nftables;

    @Override
    protected Nftables open() {
        namespace = TestNamespace.open();
        nftables = NetlinkNftables.open(namespace.name());
        return nftables;
    }

    @AfterEach
    void closeNamespace() {
        if (nftables != null) {
            nftables.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }
}

package io.fairlead.nft;

import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.text.InMemoryNftables;

/** Tests that the implementation in memory behaves like the kernel. */
class InMemoryNftablesTest extends NftablesContract {

    @Override
    protected Nftables open() {
        return new InMemoryNftables();
    }
}

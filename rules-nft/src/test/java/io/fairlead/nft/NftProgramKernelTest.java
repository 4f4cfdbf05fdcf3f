package io.fairlead.nft;

import io.fairlead.nft.apply.NftProgram;
import io.fairlead.nft.apply.Nftables;
import io.fairlead.nft.fixture.TestNamespace;

/** Changes by the program nft. */
class NftProgramKernelTest extends KernelChangesContract {

    @Override
    Nftables open(TestNamespace namespace) {
        return new NftProgram(namespace.runner());
    }
}

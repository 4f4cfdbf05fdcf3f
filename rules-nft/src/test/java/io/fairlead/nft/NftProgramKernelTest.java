package io.fairlead.nft;

import io.fairlead.nft.fixture.TestNamespace;
import io.fairlead.nft.kernel.NftProgram;
import io.fairlead.nft.kernel.Nftables;

/** Changes by the program nft. */
class NftProgramKernelTest extends KernelChangesContract {

    @Override
    Nftables open(TestNamespace namespace) {
        return new NftProgram(namespace.runner());
    }
}

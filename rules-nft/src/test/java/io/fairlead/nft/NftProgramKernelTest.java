package io.fairlead.nft;

import io.fairlead.nft.fixture.TestNamespace;
import io.fairlead.nft.kernel.NftProgram;
import io.fairlead.nft.kernel.Nftables;
import org.junit.jupiter.api.Tag;

/** Tests changes that the program nft writes. */
@Tag("kernel")
class NftProgramKernelTest extends KernelChangesContract {

    @Override
    protected Nftables open(TestNamespace namespace) {
        return new NftProgram(namespace.runner());
    }
}

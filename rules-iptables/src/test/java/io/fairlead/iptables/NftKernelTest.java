package io.fairlead.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.process.ProcessRunner;
import io.fairlead.iptables.IptablesOptions.Variant;
import org.junit.jupiter.api.Test;

class NftKernelTest extends IptablesContract {

    @Override
    ProcessRunner kernel() {
        return Namespace.with("iptables-nft-restore");
    }

    @Override
    IptablesOptions options() {
        return IptablesOptions.defaults().with(Variant.NFT);
    }

    @Test
    void saysWhichVariantItIs() {
        try (Namespace namespace = Namespace.with("iptables-nft-restore")) {
            assertThat(new IptablesBackend(namespace, options()).variantInUse()).isEqualTo(Variant.NFT);
        }
    }
}

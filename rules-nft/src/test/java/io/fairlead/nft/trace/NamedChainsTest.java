package io.fairlead.nft.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.text.TableText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamedChainsTest {

    /** By netlink, other programs can create chains with such names in any table. */
    @Test
    void aChainWhoseNameNftDoesNotAcceptIsNotOurs() {
        NamedChains chains = new NamedChains(
                Map.of(IpFamily.IPV4, TableText.parse("table ip kube-proxy {\n\tchain services {\n\t}\n}\n")),
                Host.of(List.of()));

        assertThat(chains.has(IpFamily.IPV4, "kube-proxy", "services")).isTrue();
        assertThat(chains.has(IpFamily.IPV4, "kube-proxy", "my chain")).isFalse();
        assertThat(chains.has(IpFamily.IPV4, "kube-proxy", "")).isFalse();
        assertThat(chains.has(IpFamily.IPV4, "others", "services")).isFalse();
    }
}

package io.fairlead.agent.xtables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.iptables.IptablesOptions.Variant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests the watch of iptables-nft. For this variant, the kernel reports the content of each transaction and the program
 * that sent it.
 */
@Tag("kernel")
class NftWatchKernelTest extends IptablesWatchContract {

    @Override
    Variant variant() {
        return Variant.NFT;
    }

    @Override
    void isNamed(String who) {
        assertThat(who).matches("ip6?tables-nft \\(\\d+\\)");
    }

    @Test
    void ignoresChainsOfOthers() {
        raw("iptables", "-t nat -N DOCKER");
        raw("iptables", "-t nat -A DOCKER -i docker0 -j RETURN");
        raw("iptables", "-t nat -A PREROUTING -j DOCKER");
        raw("iptables", "-t nat -N KUBE-KUBELET-CANARY");
        raw("iptables", "-t security -N OTHERS");

        assertThat(changedByOthers()).isEmpty();
    }
}

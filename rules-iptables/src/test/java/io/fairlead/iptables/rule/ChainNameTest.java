package io.fairlead.iptables.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.ServicePortName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainNameTest {
    private static final ServicePortName PORT =
            new ServicePortName(new ServiceName("default", "svc-0"), "http", Protocol.TCP);

    @Test
    void isTheOneKubeProxyGives() {
        assertThat(ChainName.Kind.CLUSTER.of(PORT)).hasToString("KUBE-SVC-X67Z27UM2GOD7DY2");
        assertThat(ChainName.ofEndpoint(PORT, "10.128.1.0:8080")).hasToString("KUBE-SEP-UJ5MOL3REM7K5YBB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-j", "A B", "A\nB", "A;B", "KUBE-SERVICES-OF-A-NAME-TOO-L", "É"})
    void acceptsOneWordOfIptablesOnly(String text) {
        assertThatThrownBy(() -> new ChainName(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void belongsToUsByTableAndName() {
        assertThat(Table.NAT.owns(ChainName.Kind.LOCAL.of(PORT))).isTrue();
        assertThat(Table.FILTER.owns(ChainName.Kind.LOCAL.of(PORT))).isFalse();
        assertThat(Table.FILTER.owns(new ChainName("KUBE-MARK-DROP"))).isFalse();
    }

    /** The first two names are those of chains of kube-proxy up to 1.24. The third is that of a chain of kubelet. */
    @Test
    void chainsOfOldKubeProxiesAreOurs() {
        assertThat(Table.NAT.owns(new ChainName("KUBE-XLB-GS7VUV4NFC2NA6UK"))).isTrue();
        assertThat(Table.NAT.owns(new ChainName("KUBE-MARK-DROP"))).isTrue();
        assertThat(Table.NAT.owns(new ChainName("KUBE-KUBELET-CANARY"))).isFalse();
    }
}

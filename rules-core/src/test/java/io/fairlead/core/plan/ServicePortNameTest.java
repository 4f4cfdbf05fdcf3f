package io.fairlead.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.Protocol;
import org.junit.jupiter.api.Test;

class ServicePortNameTest {
    private static final ServicePortName HTTP =
            new ServicePortName(new ServiceName("default", "svc-0"), "http", Protocol.TCP);

    @Test
    void hashesAsARunningKubeProxyDoes() {
        assertThat(HTTP.hash("")).isEqualTo("X67Z27UM2GOD7DY2");
        assertThat(HTTP.hash("10.128.1.0:8080")).isEqualTo("UJ5MOL3REM7K5YBB");
    }

    @Test
    void leavesOutThePortThatHasNoName() {
        assertThat(HTTP.text()).isEqualTo("default/svc-0:http");
        assertThat(new ServicePortName(HTTP.service(), "", Protocol.UDP).text()).isEqualTo("default/svc-0");
    }
}

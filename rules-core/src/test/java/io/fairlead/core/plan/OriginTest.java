package io.fairlead.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.Protocol;
import java.util.List;
import org.junit.jupiter.api.Test;

class OriginTest {

    @Test
    void theNodeComesBeforeServicesByNameAndWhatIsUnknownLast() {
        List<Origin> sorted = List.of(
                new Origin.Node(),
                port("web", Protocol.TCP),
                port("web", Protocol.UDP),
                port("zoo", Protocol.TCP),
                new Origin.Unknown("KUBE-SVC-A"),
                new Origin.Unknown("KUBE-SVC-B"));
        for (int first = 0; first < sorted.size(); first++) {
            for (int second = 0; second < sorted.size(); second++) {
                assertThat(Integer.signum(sorted.get(first).compareTo(sorted.get(second))))
                        .as("%s, %s", sorted.get(first), sorted.get(second))
                        .isEqualTo(Integer.compare(first, second));
            }
        }
    }

    @Test
    void isNamedForPeople() {
        assertThat(List.of(new Origin.Node(), port("web", Protocol.TCP), new Origin.Unknown("KUBE-SVC-A")))
                .extracting(Origin::text)
                .containsExactly("node", "default/web:http", "KUBE-SVC-A");
        assertThat(ProxyMode.IPTABLES.text()).isEqualTo("iptables");
        assertThat(ProxyMode.NFTABLES.text()).isEqualTo("nftables");
    }

    private static Origin port(String service, Protocol protocol) {
        return new Origin.Port(new ServicePortName(new ServiceName("default", service), "http", protocol));
    }
}

package io.fairlead.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.Protocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrontendTest {
    private static final Ip IP = Ip.parse("10.96.0.1");
    private static final Ip NEXT_IP = Ip.parse("10.96.0.2");

    @Test
    void isNamedForPeople() {
        assertThat(List.of(
                        new Frontend.ClusterIp(IP, 80),
                        new Frontend.ExternalIp(IP, 81),
                        new Frontend.LoadBalancerIp(Ip.parse("2001:db8::1"), 82),
                        new Frontend.NodePort(30080)))
                .extracting(Frontend::text)
                .containsExactly(
                        "cluster IP 10.96.0.1:80",
                        "external IP 10.96.0.1:81",
                        "load balancer IP [2001:db8::1]:82",
                        "node port 30080");
    }

    @Test
    void aKeyTellsAddressesApartAndNotTheirKinds() {
        Frontend.Key asExternal = new Frontend.ExternalIp(IP, 80).key(Protocol.TCP);
        assertThat(new Frontend.LoadBalancerIp(IP, 80).key(Protocol.TCP)).isEqualTo(asExternal);
        assertThat(new Frontend.ClusterIp(IP, 80).key(Protocol.TCP)).isEqualTo(asExternal);
        assertThat(asExternal.text()).isEqualTo("10.96.0.1:80/tcp");
        assertThat(new Frontend.NodePort(30080).key(Protocol.UDP).text()).isEqualTo("node port 30080/udp");
    }

    @Test
    void keysHaveOneOrder() {
        List<Frontend.Key> sorted = List.of(
                new Frontend.Key.Vip(IP, Protocol.TCP, 80),
                new Frontend.Key.Vip(IP, Protocol.TCP, 443),
                new Frontend.Key.Vip(IP, Protocol.UDP, 53),
                new Frontend.Key.Vip(NEXT_IP, Protocol.TCP, 53),
                new Frontend.Key.Node(Protocol.TCP, 30080),
                new Frontend.Key.Node(Protocol.TCP, 30081),
                new Frontend.Key.Node(Protocol.UDP, 30000));
        for (int first = 0; first < sorted.size(); first++) {
            for (int second = 0; second < sorted.size(); second++) {
                assertThat(Integer.signum(sorted.get(first).compareTo(sorted.get(second))))
                        .as("%s, %s", sorted.get(first), sorted.get(second))
                        .isEqualTo(Integer.compare(first, second));
            }
        }
        List<Frontend.Key> reversed = new ArrayList<>(sorted.reversed());
        Collections.sort(reversed);
        assertThat(reversed).isEqualTo(sorted);
    }
}

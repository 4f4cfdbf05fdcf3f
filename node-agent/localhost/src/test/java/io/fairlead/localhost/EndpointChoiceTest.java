package io.fairlead.localhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EndpointChoiceTest {
    private static final InetAddress CLIENT = InetAddress.ofLiteral("127.0.0.1");

    private long now = TimeUnit.DAYS.toNanos(1);
    private final EndpointChoice choice = new EndpointChoice(() -> now, new Random(1));

    @Test
    void choosesEveryEndpoint() {
        choice.update(port(new Affinity.None(), "10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"));
        Set<IpPort> chosen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            chosen.add(choice.choose(CLIENT));
        }
        assertThat(chosen).hasSize(3);
    }

    @Test
    void aClientKeepsItsEndpointAsLongAsItComesInTime() {
        choice.update(port(new Affinity.ClientIp(10), endpoints(50)));
        IpPort first = choice.choose(CLIENT);
        for (int i = 0; i < 20; i++) {
            now += TimeUnit.SECONDS.toNanos(10);
            assertThat(choice.choose(CLIENT)).isEqualTo(first);
        }
    }

    @Test
    void aClientThatComesTooLateGetsAnyEndpoint() {
        choice.update(port(new Affinity.ClientIp(10), endpoints(50)));
        Set<IpPort> chosen = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            chosen.add(choice.choose(CLIENT));
            now += TimeUnit.SECONDS.toNanos(10) + 1;
        }
        assertThat(chosen).hasSizeGreaterThan(5);
    }

    @Test
    void clientsAreDistinguishedByTheirAddresses() {
        choice.update(port(new Affinity.ClientIp(10), endpoints(50)));
        Set<IpPort> chosen = new HashSet<>();
        for (int i = 1; i < 20; i++) {
            chosen.add(choice.choose(InetAddress.ofLiteral("127.0.0." + i)));
        }
        assertThat(chosen).hasSizeGreaterThan(5);
    }

    @Test
    void aClientOfARemovedEndpointGetsAnother() {
        choice.update(port(new Affinity.ClientIp(10), "10.0.0.1:80"));
        choice.choose(CLIENT);
        choice.update(port(new Affinity.ClientIp(10), "10.0.0.2:80"));
        assertThat(choice.choose(CLIENT)).isEqualTo(IpPort.parse("10.0.0.2:80"));
        assertThat(choice.serves(IpPort.parse("10.0.0.1:80"))).isFalse();
        assertThat(choice.serves(IpPort.parse("10.0.0.2:80"))).isTrue();
    }

    @Test
    void remainingEndpointsKeepTheirClients() {
        choice.update(port(new Affinity.ClientIp(10), "10.0.0.1:80"));
        choice.choose(CLIENT);
        String[] more = Arrays.copyOf(endpoints(50), 51);
        more[50] = "10.0.0.1:80";
        choice.update(port(new Affinity.ClientIp(10), more));
        assertThat(choice.choose(CLIENT)).isEqualTo(IpPort.parse("10.0.0.1:80"));
    }

    @Test
    void remembersNoMoreClientsThanItHasRoomFor() {
        choice.update(port(new Affinity.ClientIp(10), "10.0.0.1:80"));
        for (int i = 0; i < 5000; i++) {
            choice.choose(InetAddress.ofLiteral("127.0." + i / 250 + "." + (1 + i % 250)));
        }
        String[] more = Arrays.copyOf(endpoints(50), 51);
        more[50] = "10.0.0.1:80";
        choice.update(port(new Affinity.ClientIp(10), more));
        assertThat(choice.choose(InetAddress.ofLiteral("127.0.19.250"))).isEqualTo(IpPort.parse("10.0.0.1:80"));
        Set<IpPort> chosen = new HashSet<>();
        for (int i = 1; i <= 20; i++) {
            chosen.add(choice.choose(InetAddress.ofLiteral("127.0.0." + i)));
        }
        assertThat(chosen).hasSizeGreaterThan(5);
    }

    private static String[] endpoints(int count) {
        String[] endpoints = new String[count];
        Arrays.setAll(endpoints, i -> "10.1.0." + (i + 1) + ":80");
        return endpoints;
    }

    private static LocalhostPort port(Affinity affinity, String... endpoints) {
        return new LocalhostPort(
                "default/web:http",
                IpFamily.IPV4,
                Protocol.TCP,
                30080,
                List.of(endpoints).stream().map(IpPort::parse).toList(),
                affinity);
    }
}

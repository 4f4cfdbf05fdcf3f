package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.lab.Conversation;
import io.fairlead.linux.process.Command;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests packets that conntrack considers invalid. The test deletes a connection that uses no Service from conntrack.
 * Conntrack is configured not to accept connections whose start it did not see, so the next packet of the connection is
 * invalid.
 */
@NeedsRoot
final class InvalidPacketsTest {
    private static final Duration PATIENCE = Duration.ofMillis(1_500);

    static Stream<Arguments> modesAndFamilies() {
        return KernelFlowTest.modesAndFamilies();
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void areDroppedByIptablesAlone(ProxyMode mode, IpFamily family) throws IOException {
        boolean four = family == IpFamily.IPV4;
        IpPort pod = new IpPort(Ip.parse(four ? "10.244.1.11" : "fd00:10:244:1::11"), 8080);
        Ip client = Ip.parse(four ? "203.0.113.9" : "2001:db8:113::9");
        try (World world = new World(mode)) {
            world.node().sysctl("netfilter/nf_conntrack_tcp_loose", "0");
            world.listen(Protocol.TCP, pod);
            world.kernel().bring(world.plan(ClusterState.EMPTY));
            try (Conversation conversation = world.owner(client).converse(client, pod, PATIENCE)) {
                assertThat(conversation.who()).isEqualTo("pod-1");
                assertThat(world.nodeRunner()
                                .run(Command.of("conntrack", "-D", "-f", four ? "ipv4" : "ipv6", "-p", "tcp"))
                                .succeeded())
                        .isTrue();
                switch (mode) {
                    case IPTABLES -> assertThatThrownBy(conversation::who).isInstanceOf(IOException.class);
                    case NFTABLES -> assertThat(conversation.who()).isEqualTo("pod-1");
                }
            }
        }
    }
}

package io.fairlead.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.KernelAccess;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.lab.Conversation;
import io.fairlead.lab.Lab;
import io.fairlead.lab.LabHost;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.time.SystemTime;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests clients that keep sending from one port, as DNS resolvers and QUIC do, while endpoints change. Each test first
 * shows that without the reconciler the client reaches a wrong endpoint.
 */
@Tag("kernel")
final class StaleFlowsInKernelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int ANSWER_MILLIS = 3000;
    private static final int SILENCE_MILLIS = 300;
    private static final String FIRST = "10.244.1.5";
    private static final String SECOND = "10.244.1.6";
    private static final String FIRST6 = "fd00:10:244:1::5";
    private static final String SECOND6 = "fd00:10:244:1::6";

    private final DnsCluster cluster = DnsCluster.withReady(FIRST, FIRST6);
    private Lab lab;
    private LabHost client;
    private ConntrackReconciler reconciler;

    @BeforeEach
    void open() {
        KernelAccess.require();
        lab = Lab.open(new ExecProcessRunner(), "ct", List.of(Ip.parse("192.0.2.1"), Ip.parse("2001:db8:1::1")));
        client = lab.add("client", Lab.Side.OUTSIDE, List.of(Ip.parse("192.0.2.10"), Ip.parse("2001:db8:1::10")));
        pod("first", FIRST, FIRST6);
        pod("second", SECOND, SECOND6);
        Host host = Host.of(lab.nodeAddresses());
        String namespace = lab.node().namespace();
        Pace fast = new Pace(Duration.ofMillis(1), 0, Duration.ofSeconds(1));
        reconciler = new ConntrackReconciler(
                        () -> NetlinkConntrack.open(namespace), () -> host, _ -> {}, fast, new SystemTime())
                .start();
    }

    @AfterEach
    void close() {
        if (lab != null) {
            reconciler.close();
            lab.close();
        }
    }

    /** The addresses are the ClusterIP, the external IP, the load balancer IP and the node port, in both families. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.96.0.10:53",
                "203.0.113.7:53",
                "203.0.113.8:53",
                "192.0.2.1:30053",
                "[fd00:96::10]:53",
                "[2001:db8:8::8]:53",
                "[2001:db8:1::1]:30053"
            })
    void movesAClientToAnotherEndpoint(String frontend) throws Exception {
        translateTo(FIRST, FIRST6);
        commit();
        try (DatagramSocket socket = socket(IpPort.parse(frontend))) {
            assertThat(who(socket, ANSWER_MILLIS)).isEqualTo("first");
            translateTo(SECOND, SECOND6);
            assertThat(who(socket, ANSWER_MILLIS))
                    .as("packets of a known flow do not pass through the rules")
                    .isEqualTo("first");

            cluster.ready(SECOND, SECOND6);
            commit();

            assertThat(who(socket, ANSWER_MILLIS)).isEqualTo("second");
        }
        assertThat(reconciler.status().removed()).isEqualTo(1);
    }

    @Test
    void flowOfADeletedServiceEnds() throws Exception {
        translateTo(FIRST, FIRST6);
        commit();
        try (DatagramSocket socket = socket(IpPort.parse("10.96.0.10:53"))) {
            assertThat(who(socket, ANSWER_MILLIS)).isEqualTo("first");
            translateToNoEndpoint();
            assertThat(who(socket, ANSWER_MILLIS)).isEqualTo("first");

            cluster.deleteService();
            commit();

            assertThat(who(socket, SILENCE_MILLIS)).isEqualTo("none");
        }
    }

    @Test
    void flowToTheLastEndpointEnds() throws Exception {
        translateTo(FIRST, FIRST6);
        commit();
        try (DatagramSocket socket = socket(IpPort.parse("10.96.0.10:53"))) {
            assertThat(who(socket, ANSWER_MILLIS)).isEqualTo("first");
            translateToNoEndpoint();

            cluster.ready();
            commit();

            assertThat(who(socket, SILENCE_MILLIS)).isEqualTo("none");
        }
    }

    /** Tests the behaviour statement CT-5. */
    @Test
    void servesAClientThatStartedBeforeTheRules() throws Exception {
        translateToNoEndpoint();
        try (DatagramSocket socket = socket(IpPort.parse("10.96.0.10:53"))) {
            assertThat(who(socket, SILENCE_MILLIS)).isEqualTo("none");
            translateTo(FIRST, FIRST6);
            assertThat(who(socket, SILENCE_MILLIS))
                    .as("packets of a known flow do not pass through the rules")
                    .isEqualTo("none");

            commit();

            assertThat(who(socket, ANSWER_MILLIS)).isEqualTo("first");
        }
    }

    /** Tests the behaviour statement CT-1. */
    @Test
    void connectionsOfTcpAreLeftAlone() throws Exception {
        translateTo(FIRST, FIRST6);
        commit();
        IpPort frontend = IpPort.parse("10.96.0.10:53");
        try (Conversation conversation = client.converse(null, frontend, PATIENCE);
                DatagramSocket socket = socket(frontend)) {
            assertThat(conversation.who()).isEqualTo("first");
            assertThat(who(socket, ANSWER_MILLIS)).isEqualTo("first");
            translateTo(SECOND, SECOND6);

            cluster.ready(SECOND, SECOND6);
            commit();
            assertThat(conversation.who()).isEqualTo("first");
            cluster.deleteService();
            commit();

            assertThat(conversation.who()).isEqualTo("first");
            assertThat(client.ask(Protocol.TCP, null, frontend, PATIENCE).text())
                    .isEqualTo("answered by second");
        }
        assertThat(reconciler.status().removed()).isEqualTo(1);
    }

    private void commit() throws InterruptedException {
        reconciler.planned(cluster.delta());
        reconciler.committed();
        assertThat(reconciler.awaitDone(PATIENCE)).isTrue();
    }

    private void pod(String name, String ip, String ip6) {
        LabHost pod = lab.add(name, Lab.Side.POD, List.of(Ip.parse(ip), Ip.parse(ip6)));
        for (Ip address : pod.addresses()) {
            pod.listen(Protocol.UDP, new IpPort(address, 5353));
            pod.listen(Protocol.TCP, new IpPort(address, 5353));
        }
    }

    private void translateTo(String ip, String ip6) {
        nft("""
                define vips = { 10.96.0.10, 203.0.113.7, 203.0.113.8 }
                define vips6 = { fd00:96::10, 2001:db8:8::8 }
                table inet flows {
                  chain pre {
                    type nat hook prerouting priority -100
                    ip daddr $vips tcp dport 53 dnat ip to %1$s:5353
                    ip daddr $vips udp dport 53 dnat ip to %1$s:5353
                    ip6 daddr $vips6 tcp dport 53 dnat ip6 to [%2$s]:5353
                    ip6 daddr $vips6 udp dport 53 dnat ip6 to [%2$s]:5353
                    fib daddr type local meta nfproto ipv4 udp dport 30053 dnat ip to %1$s:5353
                    fib daddr type local meta nfproto ipv6 udp dport 30053 dnat ip6 to [%2$s]:5353
                  }
                }
                """.formatted(ip, ip6));
    }

    /** Writes rules that replace no destination. The packets are then routed back to the client, which drops them. */
    private void translateToNoEndpoint() {
        nft("table inet flows { chain pre { type nat hook prerouting priority -100; ct mark 1 accept; }; }");
    }

    private void nft(String table) {
        String replaced = "table inet flows { }\ndelete table inet flows\n" + table;
        Command command = Command.of("nft", "-f", "-").withInput(replaced);
        assertThat(lab.nodeRunner().run(command).error()).isEmpty();
    }

    private DatagramSocket socket(IpPort to) {
        return client.inside(() -> {
            DatagramSocket socket = new DatagramSocket();
            socket.connect(
                    new InetSocketAddress(InetAddress.getByAddress(to.ip().bytes()), to.port()));
            return socket;
        });
    }

    private static String who(DatagramSocket socket, int millis) throws IOException {
        socket.setSoTimeout(millis);
        socket.send(new DatagramPacket(new byte[] {'?'}, 1));
        DatagramPacket answer = new DatagramPacket(new byte[256], 256);
        try {
            socket.receive(answer);
        } catch (SocketTimeoutException e) {
            return "none";
        }
        String line = new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
        return line.substring(0, line.indexOf(' '));
    }
}

package io.fairlead.localhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests node ports with real clients and endpoints on loopback addresses. */
class LocalhostPortsTest {
    private static final ServiceName WEB = new ServiceName("default", "web");
    private static final ServiceName DNS = new ServiceName("kube-system", "dns");
    private static final int PATIENCE = 20_000;

    private final AtomicLong now = new AtomicLong(TimeUnit.DAYS.toNanos(1));
    private final LocalhostPorts ports = new LocalhostPorts(now::get, new Random(1));
    private final List<AutoCloseable> endpoints = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        ports.close();
        for (AutoCloseable endpoint : endpoints) {
            endpoint.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void passesConnectionsToAnEndpointAndBack(IpFamily family) throws IOException {
        int port = freePort(family);
        serve(WEB, port(family, Protocol.TCP, port, tcpEcho(family, "one ")));
        assertThat(ports.listening(family)).isEqualTo(1);
        try (Socket client = connect(family, port)) {
            client.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
            client.shutdownOutput();
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("one hello");
        }
    }

    @Test
    void passesMuchDataInBothDirectionsAtOnce() throws Exception {
        int port = freePort(IpFamily.IPV4);
        serve(WEB, port(IpFamily.IPV4, Protocol.TCP, port, tcpEcho(IpFamily.IPV4, "")));
        byte[] data = new byte[8 << 20];
        new Random(3).nextBytes(data);
        try (Socket client = connect(IpFamily.IPV4, port)) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    client.getOutputStream().write(data);
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(Arrays.equals(client.getInputStream().readAllBytes(), data))
                    .isTrue();
            writer.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void passesDatagramsToAnEndpointAndBack(IpFamily family) throws IOException {
        int port = freePort(family);
        serve(DNS, port(family, Protocol.UDP, port, udpEcho(family, "one ")));
        try (DatagramSocket client = new DatagramSocket()) {
            client.connect(loopback(family), port);
            assertThat(ask(client, "hello")).isEqualTo("one hello");
            assertThat(ask(client, "again")).isEqualTo("one again");
        }
    }

    @Test
    void aFlowStaysWithItsEndpointUntilThatNoLongerServes() throws IOException {
        int port = freePort(IpFamily.IPV4);
        IpPort one = udpEcho(IpFamily.IPV4, "one ");
        IpPort two = udpEcho(IpFamily.IPV4, "two ");
        serve(DNS, port(IpFamily.IPV4, Protocol.UDP, port, one));
        try (DatagramSocket client = new DatagramSocket()) {
            client.connect(loopback(IpFamily.IPV4), port);
            assertThat(ask(client, "a")).isEqualTo("one a");
            serve(DNS, port(IpFamily.IPV4, Protocol.UDP, port, one, two));
            for (int i = 0; i < 20; i++) {
                assertThat(ask(client, "a")).isEqualTo("one a");
            }
            serve(DNS, port(IpFamily.IPV4, Protocol.UDP, port, two));
            assertThat(ask(client, "a")).isEqualTo("two a");
        }
    }

    @Test
    void anAnswerKeepsAFlowAndAnIdleOneEnds() throws IOException {
        int port = freePort(IpFamily.IPV4);
        try (UdpPorts udp = new UdpPorts(now::get, 2)) {
            EndpointChoice choice = new EndpointChoice(now::get, new Random(1));
            LocalhostPort served = port(IpFamily.IPV4, Protocol.UDP, port, udpEcho(IpFamily.IPV4, ""));
            choice.update(served);
            try (UdpPorts.Port _ = udp.open(served, choice, () -> {});
                    DatagramSocket client = new DatagramSocket();
                    DatagramSocket other = new DatagramSocket();
                    DatagramSocket third = new DatagramSocket()) {
                client.connect(loopback(IpFamily.IPV4), port);
                other.connect(loopback(IpFamily.IPV4), port);
                third.connect(loopback(IpFamily.IPV4), port);
                assertThat(ask(client, "a")).isEqualTo("a");
                assertThat(udp.openFlows()).isEqualTo(1);
                now.addAndGet(TimeUnit.SECONDS.toNanos(UdpPorts.IDLE_SECONDS));
                assertThat(ask(other, "a")).isEqualTo("a");
                assertThat(udp.openFlows()).isEqualTo(2);
                // The limit is two flows, so the third flow replaces the oldest.
                assertThat(ask(third, "a")).isEqualTo("a");
                assertThat(udp.openFlows()).isEqualTo(2);
                now.addAndGet(TimeUnit.SECONDS.toNanos(UdpPorts.IDLE_SECONDS) + 1);
                udp.expire();
                awaitFlows(udp, 0);
            }
        }
    }

    @Test
    void portsAreReportedAsStoppedIfTheirThreadFails() throws Exception {
        AtomicBoolean failing = new AtomicBoolean();
        CountDownLatch stopped = new CountDownLatch(1);
        LocalhostPort served = port(IpFamily.IPV4, Protocol.UDP, freePort(IpFamily.IPV4), udpEcho(IpFamily.IPV4, ""));
        EndpointChoice choice = new EndpointChoice(now::get, new Random(1));
        choice.update(served);
        try (UdpPorts udp = new UdpPorts(() -> time(failing), 2);
                UdpPorts.Port _ = udp.open(served, choice, stopped::countDown)) {
            failing.set(true);
            udp.expire();
            assertThat(stopped.await(PATIENCE, TimeUnit.MILLISECONDS)).isTrue();

            assertThat(udp.hasEnded()).isTrue();
            assertThatThrownBy(() -> udp.open(served, choice, () -> {}))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(BindException.class);
        }
    }

    @Test
    void portsWhoseThreadFailedAreServedAfterTheNextUpdate() throws IOException {
        AtomicBoolean failing = new AtomicBoolean();
        int port = freePort(IpFamily.IPV4);
        try (LocalhostPorts failed = new LocalhostPorts(() -> time(failing), new Random(1));
                DatagramSocket client = new DatagramSocket()) {
            failed.update(Map.of(DNS, List.of(port(IpFamily.IPV4, Protocol.UDP, port, udpEcho(IpFamily.IPV4, "")))));
            client.connect(loopback(IpFamily.IPV4), port);
            assertThat(ask(client, "a")).isEqualTo("a");
            failing.set(true);
            client.send(new DatagramPacket(new byte[1], 1));

            client.setSoTimeout(100);
            assertThat(askUntilAnswered(client, () -> failed.update(Map.of()))).isEqualTo("a");
            assertThat(failing).isFalse();
        }
    }

    /** Returns the time, or throws once if {@code failing} is set. */
    private long time(AtomicBoolean failing) {
        if (failing.getAndSet(false)) {
            throw new IllegalStateException("no clock");
        }
        return now.get();
    }

    @Test
    void anEndpointThatRefusesDatagramsDoesNotKeepItsClient() throws IOException {
        int port = freePort(IpFamily.IPV4);
        IpPort dead = new IpPort(ip(IpFamily.IPV4), freePort(IpFamily.IPV4));
        IpPort live = udpEcho(IpFamily.IPV4, "");
        serve(DNS, port(IpFamily.IPV4, Protocol.UDP, port, dead, live));
        try (DatagramSocket client = new DatagramSocket()) {
            client.connect(loopback(IpFamily.IPV4), port);
            client.setSoTimeout(100);
            assertThat(askUntilAnswered(client, () -> {})).isEqualTo("a");
        }
    }

    @Test
    void withoutTheServiceThePortIsRefused() throws IOException {
        int tcp = freePort(IpFamily.IPV4);
        int udp = freePort(IpFamily.IPV4);
        serve(
                WEB,
                port(IpFamily.IPV4, Protocol.TCP, tcp, tcpEcho(IpFamily.IPV4, "")),
                port(IpFamily.IPV4, Protocol.UDP, udp, udpEcho(IpFamily.IPV4, "")));
        serve(WEB);
        assertThat(ports.listening(IpFamily.IPV4)).isZero();
        assertThatThrownBy(() -> connect(IpFamily.IPV4, tcp)).isInstanceOf(ConnectException.class);
        try (DatagramSocket client = new DatagramSocket()) {
            client.connect(loopback(IpFamily.IPV4), udp);
            assertThatThrownBy(() -> ask(client, "a")).isInstanceOf(PortUnreachableException.class);
        }
    }

    @Test
    void noOpenConnectionIsCutWhenItsServiceGoes() throws IOException {
        int port = freePort(IpFamily.IPV4);
        serve(WEB, port(IpFamily.IPV4, Protocol.TCP, port, tcpEcho(IpFamily.IPV4, "")));
        try (Socket client = connect(IpFamily.IPV4, port)) {
            client.getOutputStream().write('a');
            assertThat(client.getInputStream().read()).isEqualTo('a');
            serve(WEB);
            client.getOutputStream().write('b');
            assertThat(client.getInputStream().read()).isEqualTo('b');
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void connectionsEndWithTheAgent() throws IOException {
        int port = freePort(IpFamily.IPV4);
        serve(WEB, port(IpFamily.IPV4, Protocol.TCP, port, tcpEcho(IpFamily.IPV4, "")));
        try (Socket client = connect(IpFamily.IPV4, port)) {
            client.getOutputStream().write('a');
            assertThat(client.getInputStream().read()).isEqualTo('a');
            ports.close();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    /** Without a reset, the client would see an empty answer. */
    @Test
    void aConnectionToADeadEndpointIsReset() throws IOException {
        int port = freePort(IpFamily.IPV4);
        serve(WEB, port(IpFamily.IPV4, Protocol.TCP, port, new IpPort(ip(IpFamily.IPV4), freePort(IpFamily.IPV4))));
        assertThatThrownBy(() -> {
                    try (Socket client = connect(IpFamily.IPV4, port)) {
                        client.getInputStream().read();
                    }
                })
                .isInstanceOf(SocketException.class)
                .isNotInstanceOf(ConnectException.class);
    }

    @Test
    void aConnectionThatTheEndpointResetsIsReset() throws IOException {
        int port = freePort(IpFamily.IPV4);
        ServerSocket resetting = new ServerSocket(0, 50, loopback(IpFamily.IPV4));
        endpoints.add(resetting);
        Thread.ofVirtual().start(() -> {
            try (Socket socket = resetting.accept()) {
                socket.getInputStream().read();
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        serve(WEB, port(IpFamily.IPV4, Protocol.TCP, port, new IpPort(ip(IpFamily.IPV4), resetting.getLocalPort())));
        try (Socket client = connect(IpFamily.IPV4, port)) {
            client.getOutputStream().write('a');
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void aPortMovesFromOneServiceToAnotherInOneUpdate() throws IOException {
        int port = freePort(IpFamily.IPV4);
        serve(WEB, port(IpFamily.IPV4, Protocol.TCP, port, tcpEcho(IpFamily.IPV4, "web")));
        // By name, the Service that gets the port precedes the Service that loses it.
        ServiceName first = new ServiceName("a", "first");
        ports.update(Map.of(
                first,
                List.of(port(IpFamily.IPV4, Protocol.TCP, port, tcpEcho(IpFamily.IPV4, "first"))),
                WEB,
                List.of()));
        try (Socket client = connect(IpFamily.IPV4, port)) {
            client.shutdownOutput();
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("first");
        }
        assertThat(ports.failures(IpFamily.IPV4)).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"TCP", "UDP"})
    void aPortThatAnotherProcessHasIsTriedAgain(Protocol protocol) throws Exception {
        AutoCloseable holder = protocol == Protocol.TCP
                ? new ServerSocket(0, 1, loopback(IpFamily.IPV4))
                : new DatagramSocket(new InetSocketAddress(loopback(IpFamily.IPV4), 0));
        int port = holder instanceof ServerSocket server
                ? server.getLocalPort()
                : ((DatagramSocket) holder).getLocalPort();
        IpPort endpoint = protocol == Protocol.TCP ? tcpEcho(IpFamily.IPV4, "") : udpEcho(IpFamily.IPV4, "");
        try (holder) {
            serve(WEB, port(IpFamily.IPV4, protocol, port, endpoint));
            assertThat(ports.failures(IpFamily.IPV4)).isEqualTo(1);
            assertThat(ports.listening(IpFamily.IPV4)).isZero();
            ports.update(Map.of());
            assertThat(ports.failures(IpFamily.IPV4)).isEqualTo(2);
        }
        ports.update(Map.of());
        assertThat(ports.failures(IpFamily.IPV4)).isEqualTo(2);
        assertThat(ports.listening(IpFamily.IPV4)).isEqualTo(1);
    }

    @Test
    void clientsWithAffinityKeepTheirEndpoint() throws IOException {
        int port = freePort(IpFamily.IPV4);
        IpPort[] several = new IpPort[8];
        for (int i = 0; i < several.length; i++) {
            several[i] = tcpEcho(IpFamily.IPV4, "endpoint " + i);
        }
        serve(
                WEB,
                new LocalhostPort(
                        "default/web:http",
                        IpFamily.IPV4,
                        Protocol.TCP,
                        port,
                        List.of(several),
                        new Affinity.ClientIp(60)));
        String first = greeting(port);
        for (int i = 0; i < 10; i++) {
            assertThat(greeting(port)).isEqualTo(first);
        }
    }

    @Test
    void refusesWhatItCannotServe() {
        assertThatThrownBy(() -> port(IpFamily.IPV4, Protocol.TCP, 30000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> port(IpFamily.IPV4, Protocol.SCTP, 30000, new IpPort(ip(IpFamily.IPV4), 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String greeting(int port) throws IOException {
        try (Socket client = connect(IpFamily.IPV4, port)) {
            client.shutdownOutput();
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void serve(ServiceName service, LocalhostPort... wanted) {
        ports.update(Map.of(service, List.of(wanted)));
    }

    private static LocalhostPort port(IpFamily family, Protocol protocol, int port, IpPort... endpoints) {
        return new LocalhostPort("default/web:http", family, protocol, port, List.of(endpoints), new Affinity.None());
    }

    private static Ip ip(IpFamily family) {
        return Ip.of(loopback(family).getAddress());
    }

    private static InetAddress loopback(IpFamily family) {
        return InetAddress.ofLiteral(family == IpFamily.IPV4 ? "127.0.0.1" : "::1");
    }

    /** Returns a port that is free for TCP and UDP now. */
    private static int freePort(IpFamily family) throws IOException {
        while (true) {
            try (ServerSocket tcp = new ServerSocket(0, 1, loopback(family));
                    DatagramSocket _ =
                            new DatagramSocket(new InetSocketAddress(loopback(family), tcp.getLocalPort()))) {
                return tcp.getLocalPort();
            } catch (BindException _) {
                // a UDP socket uses this port; try another port
            }
        }
    }

    private static Socket connect(IpFamily family, int port) throws IOException {
        Socket client = new Socket();
        client.connect(new InetSocketAddress(loopback(family), port), PATIENCE);
        client.setSoTimeout(PATIENCE);
        return client;
    }

    private static String ask(DatagramSocket client, String question) throws IOException {
        if (client.getSoTimeout() == 0) {
            client.setSoTimeout(PATIENCE);
        }
        byte[] bytes = question.getBytes(StandardCharsets.UTF_8);
        client.send(new DatagramPacket(bytes, bytes.length));
        DatagramPacket answer = new DatagramPacket(new byte[100], 100);
        client.receive(answer);
        return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
    }

    private static String askUntilAnswered(DatagramSocket client, Runnable before) throws IOException {
        for (int i = 0; i < 200; i++) {
            before.run();
            try {
                return ask(client, "a");
            } catch (SocketTimeoutException | PortUnreachableException _) {
                // the packet was lost or refused; the next packet may be sent to another endpoint
            }
        }
        throw new AssertionError("no answer");
    }

    private static void awaitFlows(UdpPorts udp, int flows) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE);
        while (udp.openFlows() != flows) {
            assertThat(System.nanoTime()).as("still %d flows", udp.openFlows()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** Starts an endpoint that sends a greeting and then everything that it receives. Returns its address. */
    private IpPort tcpEcho(IpFamily family, String greeting) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, loopback(family));
        endpoints.add(server);
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> echo(socket, greeting));
                } catch (IOException _) {
                    return;
                }
            }
        });
        return new IpPort(ip(family), server.getLocalPort());
    }

    private static void echo(Socket socket, String greeting) {
        try (socket) {
            socket.getOutputStream().write(greeting.getBytes(StandardCharsets.UTF_8));
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException _) {
            // the client closed its connection
        }
    }

    private IpPort udpEcho(IpFamily family, String greeting) throws IOException {
        DatagramSocket server = new DatagramSocket(new InetSocketAddress(loopback(family), 0));
        endpoints.add(server);
        Thread.ofVirtual().start(() -> {
            byte[] buffer = new byte[100];
            while (!server.isClosed()) {
                try {
                    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                    server.receive(packet);
                    byte[] answer = (greeting + new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8))
                            .getBytes(StandardCharsets.UTF_8);
                    server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                } catch (IOException _) {
                    return;
                }
            }
        });
        return new IpPort(ip(family), server.getLocalPort());
    }
}

package io.fairlead.localhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the limit of connections that all TCP node ports share. */
class TcpPortTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final int PATIENCE = 20_000;

    private ServerSocket endpoint;

    @BeforeEach
    void startEndpoint() throws IOException {
        endpoint = new ServerSocket(0, 50, LOOPBACK);
        Thread.ofVirtual().start(() -> {
            while (!endpoint.isClosed()) {
                try {
                    Socket socket = endpoint.accept();
                    Thread.ofVirtual().start(() -> echo(socket));
                } catch (IOException _) {
                    return;
                }
            }
        });
    }

    @AfterEach
    void stopEndpoint() throws IOException {
        endpoint.close();
    }

    @Test
    void aPortWithoutConnectionsLeavesThePermitsToOtherPorts() throws IOException {
        Semaphore one = new Semaphore(1);
        int first = freePort();
        try (TcpPort _ = port(first, one)) {
            int second = freePort();
            try (TcpPort _ = port(second, one)) {
                for (int number : List.of(first, second)) {
                    try (Socket client = connect(number)) {
                        assertThat(answer(client)).isEqualTo('a');
                    }
                }
            }
        }
    }

    @Test
    void aConnectionAboveTheLimitIsServedAfterAnotherEnds() throws IOException {
        int number = freePort();
        try (TcpPort _ = port(number, new Semaphore(1))) {
            Socket second;
            try (Socket first = connect(number)) {
                assertThat(answer(first)).isEqualTo('a');
                second = connect(number);
                second.getOutputStream().write('a');
            }
            try (second) {
                assertThat(second.getInputStream().read()).isEqualTo('a');
            }
        }
    }

    @Test
    void aConnectionThatWaitsIsResetWhenThePortCloses() throws IOException {
        int number = freePort();
        TcpPort port = port(number, new Semaphore(0));
        try (Socket client = connect(number)) {
            port.close();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    private TcpPort port(int number, Semaphore connections) throws IOException {
        LocalhostPort served = new LocalhostPort(
                "default/web:http",
                IpFamily.IPV4,
                Protocol.TCP,
                number,
                List.of(new IpPort(Ip.parse("127.0.0.1"), endpoint.getLocalPort())),
                new Affinity.None());
        EndpointChoice choice = new EndpointChoice(System::nanoTime, new Random(1));
        choice.update(served);
        return new TcpPort(served, choice, connections, () -> {});
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, LOOPBACK)) {
            return free.getLocalPort();
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket client = new Socket();
        client.connect(new InetSocketAddress(LOOPBACK, port), PATIENCE);
        client.setSoTimeout(PATIENCE);
        return client;
    }

    private static int answer(Socket client) throws IOException {
        client.getOutputStream().write('a');
        return client.getInputStream().read();
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException _) {
            // the client closed its connection
        }
    }
}

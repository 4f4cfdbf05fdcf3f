package io.fairlead.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests that clients that misuse a port cannot keep it from others. The server runs in a process of its own, because
 * the limits apply only if they are set before the first HTTP server of a process is created.
 */
@Timeout(60)
class ServerLimitsTest {
    private static final int PATIENCE_MILLIS = 30_000;

    private Process process;
    private InetSocketAddress address;

    /** Serves one page until the standard input ends. Prints its port. */
    static final class Server {
        public static void main(String[] args) throws IOException {
            try (Listener listener = Listener.open(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), (_, _) -> Page.text(200, "well\n"))) {
                System.out.println(listener.address().getPort());
                System.in.read();
            }
        }
    }

    @BeforeEach
    void open() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Server.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String port = process.inputReader(StandardCharsets.US_ASCII).readLine();
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        process.getOutputStream().close();
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void aRequestThatIsNeverCompletedIsCutOff() throws IOException {
        try (Socket slow = connect()) {
            send(slow, "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ");
            assertThat(answer(slow))
                    .as("what a client gets that never ends its request")
                    .isEmpty();
        }
    }

    @Test
    void idleConnectionsKeepOthersOutForSomeSecondsOnly() throws IOException {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < ServerLimits.MOST_CONNECTIONS + 50; i++) {
                idle.add(connect());
            }
            String answer = get("/healthz", "");
            assertThat(answer).as("a connection over the limit").isEmpty();
            long deadline =
                    System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
            while (answer.isEmpty() && System.nanoTime() < deadline) {
                answer = get("/healthz", "");
            }
            assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("well\n");
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void aRequestWithHugeHeadersIsRefusedAndTheNextIsAnswered() throws IOException {
        String huge = "X-Huge: " + "x".repeat(64 * 1024) + "\r\n";
        assertThat(get("/healthz", huge)).isEmpty();
        assertThat(get("/healthz", "")).startsWith("HTTP/1.1 200 OK").endsWith("well\n");
    }

    private String get(String path, String headers) throws IOException {
        try (Socket socket = connect()) {
            send(socket, "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + headers + "\r\n");
            return answer(socket);
        } catch (SocketException _) {
            return "";
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(address, PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Returns everything that the server sends until it closes the connection; "" if it resets the connection. */
    private static String answer(Socket socket) throws IOException {
        try (InputStream in = socket.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (SocketException _) {
            return "";
        }
    }
}

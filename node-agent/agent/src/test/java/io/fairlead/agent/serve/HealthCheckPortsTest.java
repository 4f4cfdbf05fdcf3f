package io.fairlead.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.HealthCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HealthCheckPortsTest {
    private static final ServiceName WEB = new ServiceName("default", "web");
    private static final ServiceName API = new ServiceName("default", "api");
    private static final Map<IpFamily, HealthCheckPorts.Addresses> EVERY = Map.of(
            IpFamily.IPV4,
            new HealthCheckPorts.Addresses.Every(),
            IpFamily.IPV6,
            new HealthCheckPorts.Addresses.Every());

    private final AtomicBoolean proxyHealthy = new AtomicBoolean(true);
    private final List<String> failures = new ArrayList<>();
    private final HealthCheckPorts ports =
            new HealthCheckPorts(proxyHealthy::get, (name, message) -> failures.add(name + ": " + message));
    private int port;

    @BeforeEach
    void choosePort() throws IOException {
        port = FreePort.next();
    }

    @AfterEach
    void close() {
        ports.close();
    }

    private HealthCheck check(ServiceName name, IpFamily family, int local) {
        return new HealthCheck(name, family, port, local);
    }

    private static Map<IpFamily, HealthCheckPorts.Addresses> only(String... addresses) {
        TreeSet<Ip> ips = new TreeSet<>();
        for (String address : addresses) {
            ips.add(Ip.parse(address));
        }
        return Map.of(IpFamily.IPV4, new HealthCheckPorts.Addresses.Only(ips));
    }

    @Test
    void answersAsKubeProxyDoes() throws IOException, InterruptedException {
        ports.update(List.of(check(WEB, IpFamily.IPV4, 2)), EVERY);

        HttpResponse<String> answer = Asking.get(port, "/healthz");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("X-Load-Balancing-Endpoint-Weight"))
                .hasValue("2");
        assertThat(answer.body()).isEqualTo("""
                        {
                        \t"service": {
                        \t\t"namespace": "default",
                        \t\t"name": "web"
                        \t},
                        \t"localEndpoints": 2,
                        \t"serviceProxyHealthy": true
                        }""");
    }

    @Test
    void answersTheSameToAnyPathAndMethod() throws IOException, InterruptedException {
        ports.update(List.of(check(WEB, IpFamily.IPV4, 1)), EVERY);

        for (String method : List.of("GET", "POST", "DELETE")) {
            HttpResponse<String> answer = Asking.ask(method, "http://127.0.0.1:" + port + "/what/ever?x=1");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("\"localEndpoints\": 1");
        }
    }

    @Test
    void answers503WithTheWeightWithoutLocalEndpoints() throws IOException, InterruptedException {
        ports.update(List.of(check(WEB, IpFamily.IPV4, 0)), EVERY);

        HttpResponse<String> answer = Asking.get(port, "/");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("X-Load-Balancing-Endpoint-Weight"))
                .hasValue("0");
    }

    @Test
    void answers503IfTheProxyIsUnhealthy() throws IOException, InterruptedException {
        ports.update(List.of(check(WEB, IpFamily.IPV4, 3)), EVERY);
        proxyHealthy.set(false);

        HttpResponse<String> answer = Asking.get(port, "/");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("\"localEndpoints\": 3").contains("\"serviceProxyHealthy\": false");
    }

    @Test
    void updatesCountsWithoutClosingThePort() throws IOException {
        ports.update(List.of(check(WEB, IpFamily.IPV4, 2)), EVERY);
        var before = ports.listening(WEB);
        try (Socket open = halfSent()) {
            ports.update(List.of(check(WEB, IpFamily.IPV4, 0)), EVERY);

            assertThat(answer(open)).as("on a connection from before").startsWith("HTTP/1.1 503 ");
        }
        assertThat(ports.listening(WEB)).isEqualTo(before);
    }

    @Test
    void answersWithTheCountOfTheFamily() throws IOException, InterruptedException {
        ports.update(List.of(check(WEB, IpFamily.IPV4, 2), check(WEB, IpFamily.IPV6, 0)), EVERY);

        assertThat(Asking.get(port, "/").statusCode()).isEqualTo(200);
        assertThat(Asking.ask("GET", "http://[::1]:" + port + "/").statusCode()).isEqualTo(503);
    }

    @Test
    void listensOnlyOnTheGivenAddresses() throws IOException, InterruptedException {
        ports.update(List.of(check(WEB, IpFamily.IPV4, 1)), only("127.0.0.2", "127.0.0.3"));

        assertThat(Asking.ask("GET", "http://127.0.0.2:" + port + "/").statusCode())
                .isEqualTo(200);
        assertThat(Asking.ask("GET", "http://127.0.0.3:" + port + "/").statusCode())
                .isEqualTo(200);
        assertThatThrownBy(() -> Asking.ask("GET", "http://127.0.0.4:" + port + "/"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void anotherPortReplacesTheOld() throws IOException, InterruptedException {
        int old = port;
        ports.update(List.of(check(WEB, IpFamily.IPV4, 1)), EVERY);
        port = FreePort.next();

        ports.update(List.of(check(WEB, IpFamily.IPV4, 1)), EVERY);

        assertThat(Asking.get(port, "/").statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> Asking.get(old, "/")).isInstanceOf(IOException.class);
    }

    @Test
    void aDeletedServiceFreesItsPort() throws IOException {
        ports.update(List.of(check(WEB, IpFamily.IPV4, 1)), EVERY);

        ports.update(List.of(), EVERY);

        assertThatThrownBy(() -> Asking.get(port, "/")).isInstanceOf(IOException.class);
        try (ServerSocket free = new ServerSocket(port)) {
            assertThat(free.isBound()).isTrue();
        }
    }

    @Test
    void theSecondOfTwoServicesWithOnePortTakesOver() throws IOException, InterruptedException {
        HealthCheck first = check(API, IpFamily.IPV4, 1);
        HealthCheck second = check(WEB, IpFamily.IPV4, 1);
        ports.update(List.of(second, first), EVERY);
        ports.update(List.of(first, second), EVERY);

        assertThat(failures).as("reported once").singleElement().asString().startsWith("default/web: cannot listen on");
        assertThat(Asking.get(port, "/").body()).contains("\"name\": \"api\"");

        ports.update(List.of(second), EVERY);

        assertThat(Asking.get(port, "/").body()).contains("\"name\": \"web\"");
    }

    @Test
    void oneFailedAddressClosesTheOthersAndIsRetried() throws IOException, InterruptedException {
        List<HealthCheck> checks = List.of(check(WEB, IpFamily.IPV4, 1));
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.3"))) {
            ports.update(checks, only("127.0.0.2", "127.0.0.3"));

            assertThat(ports.listening(WEB)).isEmpty();
            assertThatThrownBy(() -> Asking.ask("GET", "http://127.0.0.2:" + port + "/"))
                    .isInstanceOf(IOException.class);
        }
        ports.update(checks, only("127.0.0.2", "127.0.0.3"));

        assertThat(ports.listening(WEB)).hasSize(2);
        assertThat(failures).hasSize(1);
    }

    /** Tests statement LBF-16 of docs/behaviour.md. */
    @Test
    void answersNothingForADeletedService() throws IOException {
        ports.update(List.of(check(WEB, IpFamily.IPV4, 1)), EVERY);
        try (Socket open = halfSent()) {
            ports.update(List.of(), EVERY);

            assertThat(answer(open)).isEmpty();
        }
    }

    /** Tests a request after the Service was deleted but before the port is closed (LBF-16). */
    @Test
    void answersNothingWhileThePortIsBeingClosed() throws IOException {
        ports.update(List.of(check(WEB, IpFamily.IPV4, 1)), EVERY);
        List<String> answers = new ArrayList<>();
        try (Socket open = halfSent()) {
            atTheFirstWordOfTheServer(
                    () -> {
                        try {
                            answers.add(answer(open));
                        } catch (IOException e) {
                            answers.add(e.toString());
                        }
                    },
                    () -> ports.update(List.of(), EVERY));
        }
        assertThat(answers).containsExactly("");
    }

    /**
     * Stops a server, and runs an action in the middle of the stop: when the JDK's server logs its first line in this
     * thread.
     */
    private static void atTheFirstWordOfTheServer(Runnable then, Runnable stop) {
        Thread here = Thread.currentThread();
        Handler once = new Handler() {
            private boolean done;

            @Override
            public void publish(LogRecord word) {
                if (Thread.currentThread() == here && !done) {
                    done = true;
                    then.run();
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger words = Logger.getLogger("com.sun.net.httpserver");
        words.addHandler(once);
        words.setLevel(Level.ALL);
        try {
            stop.run();
        } finally {
            words.setLevel(null);
            words.removeHandler(once);
        }
    }

    /** Returns a connection on which a request was sent without its last line. */
    private Socket halfSent() throws IOException {
        Socket open = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        open.setSoTimeout(10_000);
        open.getOutputStream()
                .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".getBytes(StandardCharsets.US_ASCII));
        return open;
    }

    private static String answer(Socket open) throws IOException {
        try {
            open.getOutputStream().write("\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(open.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (SocketException e) {
            return ""; // the connection was reset, which is also no answer
        }
    }

    /** Tests a node with selected IPv4 addresses. For IPv6 no address is selected, so all addresses are used. */
    @Test
    void listensOnSomeAddressesOfOneFamilyAndAllOfTheOther() throws IOException, InterruptedException {
        ports.update(
                List.of(check(WEB, IpFamily.IPV4, 2), check(WEB, IpFamily.IPV6, 3)),
                Map.of(
                        IpFamily.IPV4,
                        new HealthCheckPorts.Addresses.Only(new TreeSet<>(List.of(Ip.parse("127.0.0.2")))),
                        IpFamily.IPV6,
                        new HealthCheckPorts.Addresses.Every()));

        assertThat(failures).isEmpty();
        assertThat(Asking.ask("GET", "http://127.0.0.2:" + port + "/").body()).contains("\"localEndpoints\": 2");
        assertThat(Asking.ask("GET", "http://[::1]:" + port + "/").body()).contains("\"localEndpoints\": 3");
        assertThat(Asking.ask("GET", "http://127.0.0.3:" + port + "/").statusCode())
                .as("not chosen")
                .isEqualTo(404);
    }
}

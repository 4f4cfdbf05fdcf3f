package io.fairlead.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.KernelAccess;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessRunner;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
final class LabTest {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Ip CLIENT = Ip.parse("192.0.2.10");
    private static final Ip CLIENT6 = Ip.parse("2001:db8:1::10");
    private static final IpPort WEB = IpPort.parse("10.244.1.35:80");
    private static final IpPort WEB6 = IpPort.parse("[fd00:10:244:1::35]:80");
    private static final String TRANSLATION = """
            table inet lab {
              map vips { type ipv4_addr : ipv4_addr; elements = { 10.96.0.1 : 10.244.1.35 } }
              map vips6 { type ipv6_addr : ipv6_addr; elements = { fd00:96::1 : fd00:10:244:1::35 } }
              chain pre {
                type nat hook prerouting priority -100
                dnat ip to ip daddr map @vips
                dnat ip6 to ip6 daddr map @vips6
              }
              chain out {
                type nat hook output priority -100
                dnat ip to ip daddr map @vips
                dnat ip6 to ip6 daddr map @vips6
              }
              chain post { type nat hook postrouting priority 100; ct status dnat masquerade; }
            }
            """;
    private static final ProcessRunner RUNNER = new ExecProcessRunner();
    private static Lab lab;
    private static LabHost client;
    private static LabHost pod;

    @BeforeAll
    static void open() {
        KernelAccess.require();
        lab = Lab.open(RUNNER, "lab-test", List.of(Ip.parse("192.0.2.1"), Ip.parse("2001:db8:1::1")));
        client = lab.add("client", Lab.Side.OUTSIDE, List.of(CLIENT, CLIENT6));
        pod = lab.add("web", Lab.Side.POD, List.of(WEB.ip(), WEB6.ip()));
        for (IpPort at : List.of(WEB, WEB6)) {
            pod.listen(Protocol.TCP, at);
            pod.listen(Protocol.UDP, at);
        }
    }

    @AfterAll
    static void close() {
        if (lab != null) {
            lab.close();
            assertThat(namespaces("lab-test-" + ProcessHandle.current().pid())).isEmpty();
        }
    }

    @Test
    void showsWhoAnswersAndFromWhereItWasAsked() {
        for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
            for (IpPort at : List.of(WEB, WEB6)) {
                Answer answer = client.ask(protocol, null, at, PATIENCE);
                assertThat(answer).isInstanceOfSatisfying(Answer.Answered.class, answered -> {
                    assertThat(answered.by()).isEqualTo("web");
                    assertThat(answered.at()).isEqualTo(at);
                    assertThat(answered.seenSource()).isIn(CLIENT, CLIENT6);
                });
            }
        }
    }

    @Test
    void tellsARefusalFromSilence() {
        for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
            for (Ip ip : List.of(WEB.ip(), WEB6.ip(), Ip.parse("192.0.2.1"), Ip.parse("2001:db8:1::1"))) {
                assertThat(client.ask(protocol, null, new IpPort(ip, 81), PATIENCE))
                        .isInstanceOf(Answer.Refused.class);
            }
            for (String ip : List.of("198.51.100.1", "2001:db8:ffff::1")) {
                assertThat(lab.node().ask(protocol, null, new IpPort(Ip.parse(ip), 81), Duration.ofMillis(300)))
                        .isInstanceOf(Answer.TimedOut.class);
            }
        }
    }

    @Test
    void letsMasqueradingBeSeen() {
        ProcessRunner node = lab.nodeRunner();
        assertThat(node.run(Command.of("nft", "-f", "-").withInput(TRANSLATION)).succeeded())
                .isTrue();
        try {
            for (IpPort vip : List.of(IpPort.parse("10.96.0.1:80"), IpPort.parse("[fd00:96::1]:80"))) {
                for (LabHost host : lab.hosts()) {
                    assertThat(host.ask(Protocol.TCP, null, vip, PATIENCE))
                            .isInstanceOfSatisfying(
                                    Answer.Answered.class,
                                    answered ->
                                            assertThat(answered.seenSource()).isIn(Lab.POD_GATEWAY, Lab.POD_GATEWAY6));
                }
            }
        } finally {
            assertThat(node.run(Command.of("nft", "delete", "table", "inet", "lab"))
                            .succeeded())
                    .isTrue();
        }
    }

    @Test
    void keepsAConnectionOpen() throws IOException {
        try (Conversation conversation = client.converse(null, WEB, PATIENCE)) {
            assertThat(conversation.who()).isEqualTo("web");
            assertThat(conversation.who()).isEqualTo("web");
        }
    }

    @Test
    void countsWhatAListenerAnswers() {
        try (Listener listener = pod.listen(Protocol.UDP, new IpPort(WEB.ip(), 5353), "other-name")) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.ask(Protocol.UDP, CLIENT, listener.at(), PATIENCE)
                                .text())
                        .isEqualTo("answered by other-name");
            }
            assertThat(listener.answered()).isEqualTo(3);
        }
    }

    @Test
    void takesAHostAway() {
        IpPort at = IpPort.parse("10.244.1.99:80");
        LabHost passing = lab.add("passing", Lab.Side.POD, List.of(at.ip()));
        passing.listen(Protocol.TCP, at);
        assertThat(client.ask(Protocol.TCP, null, at, PATIENCE)).isInstanceOf(Answer.Answered.class);
        lab.remove(passing);
        assertThat(namespaces("lab-test-" + ProcessHandle.current().pid() + "-passing"))
                .isEmpty();
        assertThat(client.ask(Protocol.TCP, null, at, Duration.ofMillis(200))).isNotInstanceOf(Answer.Answered.class);
    }

    @Test
    void sweepsWhatADeadProcessLeftBehind() throws IOException, InterruptedException {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        String left = "lab-sweep-" + dead.pid() + "-node";
        String foreign = "lab-sweep-x-" + dead.pid() + "-node";
        assertThat(RUNNER.run(Command.of("ip", "netns", "add", left)).succeeded())
                .isTrue();
        assertThat(RUNNER.run(Command.of("ip", "netns", "add", foreign)).succeeded())
                .isTrue();
        try (Lab other = Lab.open(RUNNER, "lab-sweep", List.of(Ip.parse("192.0.2.1")))) {
            assertThat(namespaces("lab-sweep"))
                    .containsExactlyInAnyOrder(foreign, other.node().namespace());
        } finally {
            RUNNER.run(Command.of("ip", "netns", "del", foreign));
        }
    }

    private static List<String> namespaces(String prefix) {
        String[] names = new File("/run/netns").list((_, name) -> name.startsWith(prefix));
        return names == null ? List.of() : List.of(names);
    }
}

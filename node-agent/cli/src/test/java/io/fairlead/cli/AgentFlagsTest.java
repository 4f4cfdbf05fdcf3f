package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.config.flags.KubeProxyFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** Tests kube-proxy's command line by the configuration that results from it. */
final class AgentFlagsTest {
    private static final String HEAD = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";

    @TempDir
    Path folder;

    private Session session;

    @BeforeEach
    void prepare() {
        session = new Session(folder);
    }

    /**
     * Returns the value of a field in the configuration that results from a command line.
     *
     * @param path the path of the field
     */
    private Object field(String path, String... words) throws IOException {
        Path written = folder.resolve("written.yaml");
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--write-config-to";
        all[words.length + 1] = written.toString();
        assertThat(session.run(all)).as(session.err).isZero();
        Object value = new Yaml().load(Files.readString(written));
        for (String name : path.split("\\.", -1)) {
            value = ((Map<?, ?>) value).get(name);
        }
        return value;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--bind-address=192.0.2.1                      | bindAddress                           | 192.0.2.1",
                "--bind-address-hard-fail                      | bindAddressHardFail                   | true",
                "--cluster-cidr=10.1.0.0/16,fd00::/56          | clusterCIDR                           | 10.1.0.0/16,fd00::/56",
                "--config-sync-period=1m                       | configSyncPeriod                      | 1m0s",
                "--conntrack-max-per-core=7                    | conntrack.maxPerCore                  | 7",
                "--conntrack-min=8                             | conntrack.min                         | 8",
                "--conntrack-tcp-be-liberal                    | conntrack.tcpBeLiberal                | true",
                "--conntrack-tcp-timeout-close-wait=9s         | conntrack.tcpCloseWaitTimeout         | 9s",
                "--conntrack-tcp-timeout-established=10s       | conntrack.tcpEstablishedTimeout       | 10s",
                "--conntrack-udp-timeout=11s                   | conntrack.udpTimeout                  | 11s",
                "--conntrack-udp-timeout-stream=12s            | conntrack.udpStreamTimeout            | 12s",
                "--detect-local-mode=NodeCIDR                  | detectLocalMode                       | NodeCIDR",
                "--feature-gates=NFTablesNetlink=0              | featureGates.NFTablesNetlink          | false",
                "--healthz-bind-address=192.0.2.1              | healthzBindAddress                    | 192.0.2.1:10256",
                "--hostname-override=h                         | hostnameOverride                      | h",
                "--iptables-localhost-nodeports=false          | iptables.localhostNodePorts           | false",
                "--iptables-masquerade-bit=5                   | iptables.masqueradeBit                | 5",
                "--iptables-min-sync-period=2s                 | iptables.minSyncPeriod                | 2s",
                "--iptables-sync-period=13s                    | iptables.syncPeriod                   | 13s",
                "--ipvs-exclude-cidrs=10.0.0.0/8               | ipvs.excludeCIDRs                     | [10.0.0.0/8]",
                "--ipvs-min-sync-period=4s                     | ipvs.minSyncPeriod                    | 0s",
                "--ipvs-scheduler=rr                           | ipvs.scheduler                        | rr",
                "--ipvs-strict-arp                             | ipvs.strictARP                        | true",
                "--ipvs-sync-period=4s                         | ipvs.syncPeriod                       | 0s",
                "--ipvs-tcp-timeout=4s                         | ipvs.tcpTimeout                       | 4s",
                "--ipvs-tcpfin-timeout=4s                      | ipvs.tcpFinTimeout                    | 4s",
                "--ipvs-udp-timeout=4s                         | ipvs.udpTimeout                       | 4s",
                "--kube-api-burst=20                           | clientConnection.burst                | 20",
                "--kube-api-content-type=application/json      | clientConnection.contentType          | application/json",
                "--kube-api-qps=2.5                            | clientConnection.qps                  | 2.5",
                "--kubeconfig=/k                               | clientConnection.kubeconfig           | /k",
                "--log-flush-frequency=1s                      | logging.flushFrequency                | 1s",
                "--log-json-info-buffer-size=0Ki               | logging.options.json.infoBufferSize   | 0",
                "--log-json-split-stream=false                 | logging.options.json.splitStream      | null",
                "--log-text-info-buffer-size=0Ki               | logging.options.text.infoBufferSize   | 0",
                "--log-text-split-stream=false                 | logging.options.text.splitStream      | null",
                "--logging-format=json                         | logging.format                        | json",
                "--masquerade-all                              | iptables.masqueradeAll                | true",
                "--metrics-bind-address=0.0.0.0                | metricsBindAddress                    | 0.0.0.0:10249",
                "--nodeport-addresses=primary                  | nodePortAddresses                     | [primary]",
                "--oom-score-adj=-5                            | oomScoreAdj                           | -5",
                "--profiling                                   | enableProfiling                       | true",
                "--proxy-mode=nftables                         | mode                                  | nftables",
                "--show-hidden-metrics-for-version=1.36        | showHiddenMetricsForVersion           | 1.36",
                "-v=6                                          | logging.verbosity                     | 6",
                "--vmodule=a=3                                 | logging.vmodule           | [{filePattern=a, verbosity=3}]",
                "--healthz-port=1                              | healthzBindAddress                    | 0.0.0.0:10256",
                "--metrics-port=1                              | metricsBindAddress                    | 127.0.0.1:10249"
            })
    void setsItsField(String word, String path, String value) throws IOException {
        assertThat(String.valueOf(field(path, "agent", word))).isEqualTo(value);
    }

    @Test
    void flagsAboutInterfacesSetTheirMode() throws IOException {
        assertThat(field(
                        "detectLocal.bridgeInterface",
                        "agent",
                        "--detect-local-mode=BridgeInterface",
                        "--pod-bridge-interface=cni0"))
                .isEqualTo("cni0");
        assertThat(field(
                        "detectLocal.interfaceNamePrefix",
                        "agent",
                        "--detect-local-mode=InterfaceNamePrefix",
                        "--pod-interface-name-prefix=veth"))
                .isEqualTo("veth");
    }

    /** Tests that every flag has a test. The flags that the list below adds are covered by other tests. */
    @Test
    void everyFlagHasATest() throws NoSuchMethodException {
        Set<String> tried = new TreeSet<>();
        for (String row : AgentFlagsTest.class
                .getDeclaredMethod("setsItsField", String.class, String.class, String.class)
                .getAnnotation(CsvSource.class)
                .value()) {
            tried.add(row.strip().split("[= ]", 2)[0]);
        }
        tried.addAll(List.of(
                "--pod-bridge-interface",
                "--pod-interface-name-prefix",
                "--config",
                "--cleanup",
                "--init-only",
                "--master",
                "--write-config-to"));

        assertThat(Arrays.stream(KubeProxyFlag.values()).map(KubeProxyFlag::option))
                .containsExactlyInAnyOrderElementsOf(tried);
    }

    @Test
    void writesTheDefaults() throws IOException {
        assertThat(field("metricsBindAddress", "agent")).isEqualTo("127.0.0.1:10249");
        assertThat(session.err).contains("wrote configuration to ");
    }

    /** Tests statement CFG-7 of docs/behaviour.md. */
    @Test
    void anEmptyAddressIsTheDefault() throws IOException {
        assertThat(field("metricsBindAddress", "agent", "--metrics-bind-address="))
                .isEqualTo("127.0.0.1:10249");
        assertThat(field("healthzBindAddress", "agent", "--healthz-bind-address", ""))
                .isEqualTo("0.0.0.0:10256");
        assertThat(field(
                        "metricsBindAddress",
                        "agent",
                        "--config",
                        session.file("c", HEAD + "metricsBindAddress: ''\n")))
                .isEqualTo("127.0.0.1:10249");
    }

    /** Tests statement FLG-8 of docs/behaviour.md. */
    @ParameterizedTest
    @ValueSource(
            strings = {"word", "--no-such-flag", "--no-such-flag=1", "--machine-id-file=x", "--proxy-port-range=1-2"})
    void rejectsUnknownWords(String word) {
        assertThat(session.run("agent", "--write-config-to", folder.resolve("x").toString(), word))
                .isEqualTo(ExitCode.USAGE);
        assertThat(session.err).contains(word);
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void rejectsAWordAfterASwitch() {
        assertThat(session.run("agent", "--cleanup", "false")).isEqualTo(ExitCode.USAGE);
        assertThat(session.nft().calls).isEmpty();
    }

    @Test
    void splitStreamsNeedTheirGate() throws IOException {
        assertThat(field(
                        "logging.options.text.splitStream",
                        "agent",
                        "--log-text-split-stream",
                        "--feature-gates=LoggingAlphaOptions=true"))
                .isEqualTo(true);
        assertThat(session.run("agent", "--log-text-split-stream", "--write-config-to", "x"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(session.err).contains("--log-text-split-stream: ").contains("LoggingAlphaOptions");
    }

    /**
     * Tests that the exit status is 1, as in kube-proxy, if the command is called kube-proxy. Scripts may check the
     * status.
     */
    @Test
    void exitsWith1UnderKubeProxysNameIfTheCommandLineIsWrong() {
        assertThat(session.run("kube-proxy", "--no-such-flag")).isOne();
        assertThat(session.run("kube-proxy", "--oom-score-adj=x")).isOne();
        assertThat(session.run("kube-proxy", "--config=" + session.file("c", "kind: X")))
                .isOne();
    }

    @Test
    void reportsAllWrongFlagsAtOnce() {
        assertThat(session.run(
                        "agent",
                        "--iptables-masquerade-bit=40",
                        "--cluster-cidr=x",
                        "--nodeport-addresses=10.0.0.1",
                        "--proxy-mode=ipvs"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(session.err)
                .contains("--iptables-masquerade-bit: iptables.masqueradeBit: must be from 0 to 31, but is 40")
                .contains("--cluster-cidr: clusterCIDR: ")
                .contains("--nodeport-addresses: nodePortAddresses[0]: ")
                .contains("--proxy-mode: mode: ipvs is not supported; use nftables");
    }

    @Test
    void warnsOfFlagsWithoutEffect() throws IOException {
        field(
                "mode",
                "agent",
                "--ipvs-scheduler=rr",
                "--feature-gates=NativeHistograms=false,LoggingAlphaOptions=true",
                "--config-sync-period=1m",
                "--show-hidden-metrics-for-version=1.36",
                "--metrics-port=1",
                "--log-text-info-buffer-size=1Ki");

        assertThat(session.err.lines().filter(line -> line.startsWith("W")).map(line -> line.split("] ", 2)[1]))
                .anyMatch(line -> line.startsWith("--ipvs-scheduler: ipvs.scheduler has no effect"))
                .anyMatch(line -> line.startsWith("--feature-gates: featureGates.NativeHistograms has no effect"))
                .anyMatch(line -> line.startsWith("--config-sync-period: configSyncPeriod has no effect"))
                .anyMatch(line -> line.startsWith("--show-hidden-metrics-for-version: "))
                .anyMatch(line -> line.startsWith("--metrics-port: Deprecated"))
                .anyMatch(line -> line.startsWith("--log-text-info-buffer-size: "));
    }

    /** Tests statement CFG-12 of docs/behaviour.md. */
    @Test
    void ignoresMostFlagsWithAFile() throws IOException {
        String file = session.file(
                "config", HEAD + "mode: nftables\nhostnameOverride: from-file\nclusterCIDR: 10.1.0.0/16\n");
        String[] words = {
            "agent",
            "--config=" + file,
            "--proxy-mode=iptables",
            "--cluster-cidr=10.2.0.0/16",
            "--hostname-override=from-flag",
            "--logging-format=json",
            "-v5"
        };

        assertThat(field("mode", words)).isEqualTo("nftables");
        assertThat(field("clusterCIDR", words)).isEqualTo("10.1.0.0/16");
        assertThat(field("hostnameOverride", words)).isEqualTo("from-flag");
        assertThat(field("logging.verbosity", words)).isEqualTo(5);
        assertThat(session.err)
                .contains("--proxy-mode is ignored because --config is given")
                .contains("--cluster-cidr is ignored because --config is given")
                .doesNotContain("--hostname-override is ignored")
                .contains("{\"ts\":");
    }

    @Test
    void usesThePortFlagsWithAFileInADryRun() throws IOException {
        String file = session.file("config", HEAD);

        assertThat(field(
                        "metricsBindAddress",
                        "agent",
                        "--config=" + file,
                        "--dry-run",
                        "--metrics-bind-address=127.0.0.1:20249"))
                .isEqualTo("127.0.0.1:20249");
        assertThat(field("metricsBindAddress", "agent", "--config=" + file, "--metrics-bind-address=127.0.0.1:20249"))
                .isEqualTo("127.0.0.1:10249");
    }

    @Test
    void acceptsTheSameFlagsUnderKubeProxysName() throws IOException {
        assertThat(field("mode", "kube-proxy", "--proxy_mode", "nftables")).isEqualTo("nftables");
        assertThat(session.run("kube-proxy", "--version")).isZero();
        assertThat(session.out.lines().findFirst()).hasValue("Kubernetes v1.37.2");
        assertThat(session.run("kube-proxy", "--help")).isZero();
        assertThat(session.out).contains("--nodeport-addresses").contains("kube-proxy [OPTIONS]");
        assertThat(session.run("--help")).isZero();
        assertThat(session.out).doesNotContainPattern("(?m)^ +kube-proxy ");
    }
}

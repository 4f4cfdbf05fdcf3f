package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.agent.logging.CapturedLog;
import io.fairlead.agent.sysctl.NodeSetup;
import io.fairlead.config.ConfigReader;
import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.linux.time.ManualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests statements NP-14 and CLN-8 of docs/behaviour.md. */
final class NodePreparationTest {
    @TempDir
    Path root;

    private final CapturedLog log = new CapturedLog(new ManualTime());

    @AfterEach
    void stopCapturing() {
        log.close();
    }

    @BeforeEach
    void aKernel() throws IOException {
        kernel(root);
    }

    /** Creates the files of the settings that the agent writes at its start, with the kernel's default values. */
    static void kernel(Path root) throws IOException {
        write(root, "proc/sys/net/netfilter/nf_conntrack_max", "65536");
        write(root, "proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established", "432000");
        write(root, "proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close_wait", "60");
        write(root, "proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal", "0");
        write(root, "sys/module/nf_conntrack/parameters/hashsize", "16384");
        write(root, "proc/sys/net/ipv4/conf/all/route_localnet", "0");
        write(root, "proc/self/oom_score_adj", "0");
    }

    static void write(Path root, String file, String value) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, value + "\n");
    }

    private String routeLocalnet() throws IOException {
        return Files.readString(root.resolve("proc/sys/net/ipv4/conf/all/route_localnet"))
                .strip();
    }

    private boolean prepare(ProxyMode mode, String fields) {
        KubeProxyConfig config = ConfigReader.read(
                        "test",
                        ("apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n" + fields)
                                .getBytes(StandardCharsets.UTF_8),
                        mode)
                .config();
        return new NodePreparation(config, mode, new NodeSetup(root)).prepare();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "IPTABLES |                                                                    | 1",
                "IPTABLES | nodePortAddresses: [0.0.0.0/0]                                     | 1",
                "IPTABLES | nodePortAddresses: [192.0.2.0/24, 127.0.0.0/8]                     | 1",
                "IPTABLES | nodePortAddresses: [192.0.2.0/24, 'fd00::/64']                     | 0",
                "IPTABLES | nodePortAddresses: [primary]                                       | 0",
                "IPTABLES | 'iptables: {localhostNodePorts: false}'                            | 0",
                "NFTABLES |                                                                    | 0"
            })
    void setsRouteLocalnetForNodePortsOnLocalhost(ProxyMode mode, String fields, String expected) throws IOException {
        assertThat(prepare(mode, fields == null ? "" : fields)).isTrue();

        assertThat(routeLocalnet()).isEqualTo(expected);
    }

    @Test
    void endsTheAgentIfRouteLocalnetCannotBeSet() throws IOException {
        Files.delete(root.resolve("proc/sys/net/ipv4/conf/all/route_localnet"));

        assertThatThrownBy(() -> prepare(ProxyMode.IPTABLES, ""))
                .isInstanceOf(AgentEndedException.class)
                .hasMessageContaining("route_localnet")
                .hasMessageContaining("--iptables-localhost-nodeports=false");
        assertThat(prepare(ProxyMode.IPTABLES, "iptables: {localhostNodePorts: false}"))
                .isTrue();
    }

    @Test
    void setsAndLogsAllThatNeedsPrivileges() {
        assertThat(prepare(ProxyMode.IPTABLES, "oomScoreAdj: -5\nconntrack: {maxPerCore: 0}"))
                .isTrue();

        assertThat(log.messages())
                .contains(
                        "changed kernel setting oom_score_adj 0 -> -5",
                        "changed kernel setting net.netfilter.nf_conntrack_tcp_timeout_established 432000 -> 86400",
                        "changed kernel setting net.ipv4.conf.all.route_localnet 0 -> 1");
    }

    @Test
    void logsAndIgnoresConntrackSettingsThatCannotBeWritten() throws IOException {
        Files.delete(root.resolve("proc/sys/net/netfilter/nf_conntrack_max"));

        assertThat(prepare(ProxyMode.IPTABLES, "")).isFalse();

        assertThat(log.messages()).anyMatch(line -> line.contains("nf_conntrack_max"));
        assertThat(routeLocalnet()).isEqualTo("1");
    }
}

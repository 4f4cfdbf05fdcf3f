package io.fairlead.agent.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.config.KubeProxyConfig.Conntrack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeSetupTest {
    private static final Conntrack DEFAULTS = new Conntrack(
            32_768, 131_072, Duration.ofHours(24), Duration.ofHours(1), false, Duration.ZERO, Duration.ZERO);

    @TempDir
    private Path root;

    private NodeSetup setup;

    @BeforeEach
    void kernelWithItsDefaults() throws IOException {
        setup = new NodeSetup(root);
        conntrack("max", "65536");
        conntrack("tcp_timeout_established", "432000");
        conntrack("tcp_timeout_close_wait", "60");
        conntrack("udp_timeout", "30");
        conntrack("udp_timeout_stream", "120");
        conntrack("tcp_be_liberal", "0");
        write("sys/module/nf_conntrack/parameters/hashsize", "16384");
        write("proc/sys/net/ipv4/conf/all/route_localnet", "0");
        write("proc/self/oom_score_adj", "0");
    }

    private void conntrack(String name, String value) throws IOException {
        write("proc/sys/net/netfilter/nf_conntrack_" + name, value);
    }

    private void write(String file, String value) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, value + "\n");
    }

    private String read(String file) throws IOException {
        return Files.readString(root.resolve(file)).strip();
    }

    private String conntrack(String name) throws IOException {
        return read("proc/sys/net/netfilter/nf_conntrack_" + name);
    }

    @Test
    void setsKubeProxysDefaults() throws IOException {
        assertThat(setup.conntrack(DEFAULTS, 2))
                .containsExactly(
                        "net.netfilter.nf_conntrack_max 65536 -> 131072",
                        "net.netfilter.nf_conntrack_tcp_timeout_established 432000 -> 86400",
                        "net.netfilter.nf_conntrack_tcp_timeout_close_wait 60 -> 3600",
                        "nf_conntrack hashsize 16384 -> 32768");
        assertThat(conntrack("max")).isEqualTo("131072");
        assertThat(conntrack("udp_timeout")).as("zero leaves it alone").isEqualTo("30");
        assertThat(conntrack("tcp_be_liberal")).isEqualTo("0");
        assertThat(read("sys/module/nf_conntrack/parameters/hashsize")).isEqualTo("32768");
    }

    @Test
    void raisesTheMaximumForManyCpus() throws IOException {
        setup.conntrack(DEFAULTS, 64);

        assertThat(conntrack("max")).isEqualTo("2097152");
    }

    @Test
    void maxPerCoreOfZeroLeavesTheMaximumAlone() throws IOException {
        setup.conntrack(
                new Conntrack(
                        0, 131_072, Duration.ZERO, Duration.ZERO, true, Duration.ofSeconds(9), Duration.ofSeconds(8)),
                2);

        assertThat(conntrack("max")).isEqualTo("65536");
        assertThat(conntrack("udp_timeout")).isEqualTo("9");
        assertThat(conntrack("udp_timeout_stream")).isEqualTo("8");
        assertThat(conntrack("tcp_be_liberal")).isEqualTo("1");
        assertThat(read("sys/module/nf_conntrack/parameters/hashsize")).isEqualTo("16384");
    }

    @Test
    void aLargerHashIsLeftAlone() throws IOException {
        write("sys/module/nf_conntrack/parameters/hashsize", "262144");

        setup.conntrack(DEFAULTS, 2);

        assertThat(read("sys/module/nf_conntrack/parameters/hashsize")).isEqualTo("262144");
    }

    @Test
    void writesNothingTheSecondTime() throws IOException {
        setup.conntrack(DEFAULTS, 2);
        Path max = root.resolve("proc/sys/net/netfilter/nf_conntrack_max");
        FileTime longAgo = FileTime.fromMillis(1_000);
        Files.setLastModifiedTime(max, longAgo);

        assertThat(setup.conntrack(DEFAULTS, 2)).isEmpty();
        assertThat(Files.getLastModifiedTime(max)).isEqualTo(longAgo);
    }

    @Test
    void reportsAllFailuresAndSetsTheRest() throws IOException {
        Path folder = root.resolve("proc/sys/net/netfilter/nf_conntrack_max");
        Files.delete(folder);
        Files.createDirectory(folder);
        Files.delete(root.resolve("proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close_wait"));

        assertThatThrownBy(() -> setup.conntrack(DEFAULTS, 2))
                .isInstanceOfSatisfying(
                        SetupException.class,
                        e -> assertThat(e.failures())
                                .hasSize(2)
                                .anySatisfy(line -> assertThat(line).contains("nf_conntrack_max"))
                                .anySatisfy(line -> assertThat(line)
                                        .contains("nf_conntrack_tcp_timeout_close_wait")
                                        .contains("conntrack.tcpCloseWaitTimeout")));
        assertThat(conntrack("tcp_timeout_established")).isEqualTo("86400");
    }

    @Test
    void acceptsAMissingFolderOfTheModule() throws IOException {
        Files.delete(root.resolve("sys/module/nf_conntrack/parameters/hashsize"));

        assertThat(setup.conntrack(DEFAULTS, 2)).hasSize(3);
    }

    /**
     * Tests with a real read-only file of the kernel. A file with read-only permissions would not be enough, because
     * this JVM may run as root.
     */
    @Test
    void namesAReadOnlyFileSystemAsTheReason() {
        Setting kernel = new Setting("kernel.ostype", Path.of("/proc/sys/kernel/ostype"), 1, "a test");

        assertThat(kernel.apply())
                .isInstanceOfSatisfying(
                        Setting.Result.Failed.class,
                        failed -> assertThat(failed.message())
                                .startsWith("cannot set kernel.ostype from Linux to 1 (needed for a test): ")
                                .contains("--init-only"));
    }

    @Test
    void routesLocalnet() throws IOException {
        assertThat(setup.routeLocalnet()).containsExactly("net.ipv4.conf.all.route_localnet 0 -> 1");
        assertThat(setup.routeLocalnet()).isEmpty();
        assertThat(read("proc/sys/net/ipv4/conf/all/route_localnet")).isEqualTo("1");
    }

    @Test
    void failsIfRouteLocalnetCannotBeSet() throws IOException {
        Files.delete(root.resolve("proc/sys/net/ipv4/conf/all/route_localnet"));

        assertThatThrownBy(setup::routeLocalnet)
                .isInstanceOf(SetupException.class)
                .hasMessageContaining("--iptables-localhost-nodeports=false");
    }

    @Test
    void readsWhetherConntrackIsLiberal() throws IOException {
        assertThat(setup.isTcpLiberal()).isFalse();
        conntrack("tcp_be_liberal", "1");
        assertThat(setup.isTcpLiberal()).isTrue();
        Files.delete(root.resolve("proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal"));
        assertThat(setup.isTcpLiberal()).isFalse();
    }

    @Test
    void setsTheOomScoreAndIgnoresAFailure() throws IOException {
        assertThat(setup.oomScoreAdj(-999)).containsExactly("oom_score_adj 0 -> -999");
        Files.delete(root.resolve("proc/self/oom_score_adj"));
        assertThat(setup.oomScoreAdj(-999)).isEmpty();
    }
}

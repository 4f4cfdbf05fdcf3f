package io.fairlead.inspect.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.dump.NftProgramListing;
import io.fairlead.inspect.FakeFacts;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what is collected into bundles, and that bundles are written and read. */
final class BundleTest {
    private static final Map<String, String> OUTPUTS = Map.of(
            "nft -a list ruleset", "table inet f {\n}\n",
            "iptables-nft-save", "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n",
            "iptables-legacy-save", "",
            "ip -j addr", "[{\"ifname\":\"lo\",\"addr_info\":[{\"local\":\"127.0.0.1\"}]}]",
            "conntrack -L -f ipv4",
                    "udp      17 29 src=10.244.1.5 dst=10.96.0.10 sport=4000 dport=53 src=10.244.9.9 dst=10.244.1.5 sport=53"
                            + " dport=4000 use=1\n".repeat(1),
            "conntrack -L -f ipv6", "",
            "nft --version", "nftables v1.0.6\n");

    @TempDir
    Path folder;

    private final FakeFacts facts = new FakeFacts();
    private final ProcessRunner runner = command -> OUTPUTS.containsKey(command.text())
            ? new ProcessResult(0, OUTPUTS.get(command.text()), "")
            : new ProcessResult(1, "", "not here\n");

    @Test
    void collectsWhatTheNodeShows() {
        facts.files.put("/proc/thread-self/net/xt_recent/KUBE-SEP-A", "src=192.0.2.7 ttl: 64 last_seen: 1\n");
        facts.files.put("/proc/sys/net/ipv4/ip_forward", "1\n");
        facts.files.put("/proc/77/comm", "kube-proxy\n");
        facts.files.put("/sys/module/xt_recent/parameters/ip_list_tot", "100\n");
        facts.files.put("/proc/sys/net/ipv4/conf/eth0.5/rp_filter", "2\n");
        facts.pages.put("http://127.0.0.1:10249/configz", "{\"kubeproxy.config.k8s.io\":{\"mode\":\"nftables\"}}");
        Collector collector = new Collector(runner, facts, new NftProgramListing(runner), () -> Instant.EPOCH, 10);

        Bundle bundle = collector.collect("node-1", "fairlead 1");

        assertThat(bundle.file("node.txt")).contains("node-1\n");
        assertThat(bundle.file(Bundle.CLOCK)).contains("0\n");
        assertThat(bundle.file(Bundle.PROGRAMS)).contains("kube-proxy\n");
        assertThat(bundle.file(Bundle.RECENT_TOTAL)).contains("100\n");
        assertThat(bundle.file(Bundle.SYSCTLS).orElseThrow())
                .contains("net.ipv4.ip_forward = 1\n")
                .contains("net.ipv4.conf.eth0/5.rp_filter = 2\n");
        assertThat(bundle.file(Bundle.CONFIGURATION).orElseThrow()).contains("\"mode\":\"nftables\"");
        assertThat(bundle.file(Bundle.MISSING).orElseThrow())
                .contains("ip6tables-save failed: not here; rules of ip6tables are not taken into account");
        assertThat(collector.missing()).isNotEmpty();
        Dump dump = bundle.outputs().dump("b/");
        assertThat(dump.saves()).hasSize(2);
        assertThat(dump.connections()).hasSize(1);
        assertThat(dump.remembered()).containsOnlyKeys("KUBE-SEP-A");
        assertThat(dump.remembered().get("KUBE-SEP-A").getFirst()).hasToString("192.0.2.7");
        assertThat(dump.routing().allAddresses()).hasSize(1);
    }

    @Test
    void leavesConnectionsOutOverTheLimit() {
        Bundle none =
                new Collector(runner, facts, new NftProgramListing(runner), () -> Instant.EPOCH, 0).collect("n", "v");
        assertThat(none.file("conntrack.txt")).isEmpty();
        assertThat(none.file(Bundle.MISSING).orElseThrow()).contains("connections are left out");

        facts.files.put("/proc/sys/net/netfilter/nf_conntrack_count", "1001\n");
        Collector collector = new Collector(runner, facts, new NftProgramListing(runner), () -> Instant.EPOCH, 10);
        collector.collect("n", "v");
        assertThat(collector.missing()).contains("connections are left out: the kernel has 1,001, the limit is 10");
    }

    @Test
    void readsWhatItWrote() throws IOException {
        Bundle bundle =
                new Bundle(new TreeMap<>(Map.of("rules/nft.txt", "table ip a {\n}\n", "node.txt", "n\u00e9\n")));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        bundle.write(out, Instant.EPOCH);

        assertThat(Bundle.begins(out.toByteArray())).isTrue();
        assertThat(Bundle.read("b", new ByteArrayInputStream(out.toByteArray())))
                .isEqualTo(bundle);

        Files.createDirectories(folder.resolve("fairlead-dump/rules"));
        Files.writeString(folder.resolve("fairlead-dump/rules/nft.txt"), "table ip a {\n}\n");
        Files.writeString(folder.resolve("fairlead-dump/node.txt"), "n\u00e9\n");
        assertThat(Bundle.read(folder)).isEqualTo(bundle);
    }

    @Test
    void refusesWhatIsNoBundle() throws IOException {
        Bundle bundle = new Bundle(new TreeMap<>(Map.of("rules/nft.txt", "x".repeat(5_000))));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        bundle.write(out, Instant.EPOCH);
        byte[] half = Arrays.copyOf(out.toByteArray(), out.size() / 2);
        assertThatThrownBy(() -> Bundle.read("half.tar.gz", new ByteArrayInputStream(half)))
                .isInstanceOf(BundleException.class)
                .hasMessageStartingWith("half.tar.gz: not a whole archive (tar with gzip): ");

        ByteArrayOutputStream other = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(other)) {
            gzip.write("*filter\nCOMMIT\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThatThrownBy(() -> Bundle.read("rules.gz", new ByteArrayInputStream(other.toByteArray())))
                .isInstanceOf(BundleException.class);
        assertThatThrownBy(() -> Bundle.read(folder))
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("not a bundle of fairlead dump");
    }
}

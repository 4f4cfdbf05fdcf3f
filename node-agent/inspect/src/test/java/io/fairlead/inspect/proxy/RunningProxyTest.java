package io.fairlead.inspect.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.inspect.FakeFacts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests where the configuration of a running proxy is found. */
final class RunningProxyTest {
    /** A part of the page /configz of kube-proxy 1.37.2. */
    private static final String PAGE = """
            {"kubeproxy.config.k8s.io":{"kind":"KubeProxyConfiguration","apiVersion":"kubeproxy.config.k8s.io/v1alpha1",
            "hostnameOverride":"n1","mode":"nftables","iptables":{"masqueradeBit":14,"syncPeriod":"0s","minSyncPeriod":"0s"},
            "nftables":{"masqueradeBit":14,"masqueradeAll":false,"syncPeriod":"30s","minSyncPeriod":"1s"},
            "winkernel":{"networkName":""},"detectLocalMode":"ClusterCIDR","clusterCIDR":"10.244.0.0/16",
            "nodePortAddresses":["primary"],"conntrack":{"maxPerCore":0}}}
            """;

    private FakeFacts node;

    @BeforeEach
    void prepare() {
        node = new FakeFacts();
        node.links.put("/proc/thread-self/ns/net", "net:[7]");
    }

    private RunningProxy.Found found() {
        return new RunningProxy(node).find().orElseThrow();
    }

    private void process(String id, String namespace, String... words) {
        node.files.put("/proc/" + id + "/cmdline", String.join("\0", words) + "\0");
        node.links.put("/proc/" + id + "/ns/net", namespace);
    }

    @Test
    void readsThePageOfKubeProxy() {
        node.pages.put("http://127.0.0.1:10249/configz", PAGE);

        KubeProxyConfig config = found().config(null);
        assertThat(found().source()).isEqualTo("http://127.0.0.1:10249/configz");
        assertThat(config.mode()).isEqualTo(ProxyMode.NFTABLES);
        assertThat(config.clusterCidrs()).containsExactly(Cidr.parse("10.244.0.0/16"));
        assertThat(config.hostnameOverride()).isEqualTo("n1");
        assertThat(found().config(ProxyMode.IPTABLES).mode()).isEqualTo(ProxyMode.IPTABLES);
    }

    /**
     * Reads the whole page /configz of a real kube-proxy. It has fields that no rule needs, and sync periods of the
     * mode that is not active.
     */
    @Test
    void readsTheWholePageOfKubeProxy() throws IOException {
        try (InputStream page = RunningProxyTest.class.getResourceAsStream("/kube-proxy-configz.json")) {
            node.pages.put(
                    "http://127.0.0.1:10249/configz",
                    new String(Objects.requireNonNull(page).readAllBytes(), StandardCharsets.UTF_8));
        }

        KubeProxyConfig config = found().config(null);
        assertThat(config.mode()).isEqualTo(ProxyMode.NFTABLES);
        assertThat(config.clusterCidrs()).containsExactly(Cidr.parse("10.244.0.0/16"));
        assertThat(config.nodePortAddresses().primaryAddresses()).isTrue();
        assertThat(found().config(ProxyMode.IPTABLES).mode()).isEqualTo(ProxyMode.IPTABLES);
    }

    @Test
    void readsThePageAtTheAddressOnTheCommandLine() {
        process("31", "net:[7]", "/usr/local/bin/kube-proxy", "--metrics-bind-address", "0.0.0.0:9999");
        node.pages.put("http://127.0.0.1:9999/configz", PAGE);

        assertThat(found().source()).isEqualTo("http://127.0.0.1:9999/configz");
    }

    @Test
    void readsTheFileOfAProcessWithoutAPage() {
        process("31", "net:[7]", "kube-proxy", "--config=/var/lib/kube-proxy/config.conf", "--v=2");
        node.files.put("/proc/31/root/var/lib/kube-proxy/config.conf", """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                clusterCIDR: 10.1.0.0/16
                """);

        assertThat(found().source()).isEqualTo("/var/lib/kube-proxy/config.conf of process 31");
        assertThat(found().config(null).clusterCidrs()).containsExactly(Cidr.parse("10.1.0.0/16"));
    }

    @Test
    void readsAFileBesideTheWorkingFolderOfTheProcess() {
        process("31", "net:[7]", "kube-proxy", "--config=conf/config.conf");
        node.files.put("/proc/31/root/conf/config.conf", "clusterCIDR: 10.9.0.0/16\n");
        node.files.put("/proc/31/cwd/conf/config.conf", """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                clusterCIDR: 10.1.0.0/16
                """);

        assertThat(found().source()).isEqualTo("conf/config.conf of process 31");
        assertThat(found().config(null).clusterCidrs()).containsExactly(Cidr.parse("10.1.0.0/16"));
    }

    @Test
    void readsTheFlagsOfAProcessWithoutAFile() {
        process("8", "net:[7]", "java", "-cp", "x", "io.fairlead.cli.Main", "agent", "--cluster-cidr", "10.2.0.0/16");

        assertThat(found().source()).isEqualTo("the command line of process 8");
        assertThat(found().config(null).clusterCidrs()).containsExactly(Cidr.parse("10.2.0.0/16"));
    }

    @Test
    void ignoresProxiesOfOtherNodesAndOtherPrograms() {
        process("8", "net:[9]", "kube-proxy", "--cluster-cidr=10.2.0.0/16");
        process("9", "net:[7]", "java", "io.fairlead.cli.Main", "verify");
        process("10", "net:[7]", "");
        node.pages.put("http://127.0.0.1:10249/configz", "<html>not JSON</html>");

        assertThat(new RunningProxy(node).find()).isEmpty();
    }
}

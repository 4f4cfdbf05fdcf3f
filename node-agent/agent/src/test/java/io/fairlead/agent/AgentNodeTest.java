package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeAddressBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fairlead.agent.sysctl.NodeSetup;
import io.fairlead.cluster.watch.Samples;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the conditions of the node that must be met before the agent writes rules. */
@Timeout(60)
final class AgentNodeTest extends AgentFixture {

    /** Tests statement PROTO-9 of docs/behaviour.md. */
    @Test
    void waitsForItsNodeBeforeItWrites() throws Exception {
        fake.put(Samples.service("web", "10.96.0.10"));
        fake.put(Samples.slice("web", "web-1", "10.244.1.5"));
        start();
        await("the view", () -> readyz().contains("waiting for Node node-a"));
        fake.put(new NodeBuilder(Samples.node("node-a", "zone-1"))
                .withNewStatus()
                .endStatus()
                .build());
        fake.put(Samples.service("other", "10.96.0.11"));
        await("a change after the Node's", () -> metric("kubeproxy_sync_proxy_rules_service_changes_total") == 2);
        assertThat(ended).as("a Node without addresses is not enough").isNotDone();
        assertThat(backend.applied()).isZero();

        fake.put(Samples.node("node-a", "zone-1"));

        await("rules", () -> backend.rules().size() == 1);
    }

    /** Tests statement PROTO-9 of docs/behaviour.md. */
    @Test
    void endsIfItsNodeIsMissingTooLong() throws Exception {
        fake.put(Samples.node("node-b", "zone-1"));
        start("", false, Duration.ofMinutes(5));
        awaitAtOneMoment("waiting for the Node", () -> readyz().contains("waiting for Node node-a"));
        pass(Duration.ofSeconds(299));
        assertThat(ended).isNotDone();
        time.advance(Duration.ofSeconds(1));

        assertThat(ended.get(20, TimeUnit.SECONDS))
                .startsWith("AgentEndedException: no Node node-a with addresses for 300 s");
        assertThat(backend.applied()).isZero();
    }

    /** Tests statement MQ-11 of docs/behaviour.md. */
    @Test
    void waitsForPodCidrsWithNodeCidr() throws Exception {
        webWithTwoEndpoints();
        fake.put(new NodeBuilder(Samples.node("node-a", "zone-1"))
                .withNewSpec()
                .endSpec()
                .build());
        start("detectLocalMode: NodeCIDR\n", false, NODE_PATIENCE);
        await("the view", () -> readyz().contains("waiting for Node node-a"));
        assertThat(backend.applied()).isZero();

        fake.put(Samples.node("node-a", "zone-1"));

        await("rules", () -> backend.rules().size() == 2);
    }

    /** Tests statement PROTO-7 of docs/behaviour.md. */
    @Test
    void theNodesFirstAddressDecidesThePrimaryFamily() throws Exception {
        webWithTwoEndpoints();
        fake.put(new NodeBuilder(Samples.node("node-a", "zone-1"))
                .editStatus()
                .withAddresses(new NodeAddressBuilder()
                        .withType("InternalIP")
                        .withAddress("fd00::1")
                        .build())
                .endStatus()
                .withNewSpec()
                .endSpec()
                .build());
        start();
        await("rules", () -> backend.rules().size() == 2);

        assertThat(primary).isEqualTo(IpFamily.IPV6);
    }

    /** Tests statement PROTO-10 of docs/behaviour.md. */
    @Test
    void aClusterCidrOfTheOtherFamilyEndsTheAgentOfANodeWithOneFamily() throws Exception {
        dual = false;
        webWithTwoEndpoints();
        start("clusterCIDR: fd00:10::/56\n", false, NODE_PATIENCE);

        assertThat(ended.get(20, TimeUnit.SECONDS))
                .isEqualTo("AgentEndedException: this node is IPv4-only, but clusterCIDR has only IPv6 ranges");
        assertThat(backend.applied()).isZero();
    }

    /** Tests statement NP-14 of docs/behaviour.md. */
    @Test
    void endsBeforeItWritesIfRouteLocalnetCannotBeSet(@TempDir Path root) throws Exception {
        mode = ProxyMode.IPTABLES;
        NodePreparationTest.kernel(root);
        Files.delete(root.resolve("proc/sys/net/ipv4/conf/all/route_localnet"));
        node = new NodeSetup(root);
        webWithTwoEndpoints();
        start();

        assertThat(ended.get(20, TimeUnit.SECONDS))
                .startsWith("AgentEndedException: ")
                .contains("route_localnet");
        assertThat(backend.applied()).isZero();
    }

    /** Tests statement CT-15 of docs/behaviour.md. */
    @Test
    void doesNotDropInvalidPacketsIfConntrackIsLiberal(@TempDir Path root) throws Exception {
        mode = ProxyMode.IPTABLES;
        NodePreparationTest.kernel(root);
        NodePreparationTest.write(root, "proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal", "1");
        node = new NodeSetup(root);
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.rules().size() == 2);

        assertThat(backend.dropsInvalid()).isFalse();
    }

    /** Tests that packets in state INVALID are dropped if conntrack is not liberal (CT-15). */
    @Test
    void dropsInvalidPacketsIfConntrackIsStrict(@TempDir Path root) throws Exception {
        mode = ProxyMode.IPTABLES;
        NodePreparationTest.kernel(root);
        node = new NodeSetup(root);
        webWithTwoEndpoints();
        start();
        await("rules", () -> backend.rules().size() == 2);

        assertThat(backend.dropsInvalid()).isTrue();
        assertThat(Files.readString(root.resolve("proc/sys/net/ipv4/conf/all/route_localnet")))
                .isEqualTo("1\n");
    }
}

package io.fairlead.e2e.packets;

import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.remote;
import static io.fairlead.e2e.packets.StickyService.BALANCER_IP;
import static io.fairlead.e2e.packets.StickyService.CLIENT;
import static io.fairlead.e2e.packets.StickyService.CLUSTER_IP;
import static io.fairlead.e2e.packets.StickyService.EXTERNAL_IP;
import static io.fairlead.e2e.packets.StickyService.NODE;
import static io.fairlead.e2e.packets.StickyService.OTHER_CLIENT;
import static io.fairlead.e2e.packets.StickyService.OTHER_POD;
import static io.fairlead.e2e.packets.StickyService.POD;
import static io.fairlead.e2e.packets.StickyService.REMOTE_POD;
import static io.fairlead.e2e.packets.StickyService.sticky;
import static io.fairlead.e2e.packets.StickyService.withOthers;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.lab.Answer;
import io.fairlead.lab.Conversation;
import io.fairlead.lab.LabHost;
import io.fairlead.linux.process.Command;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests ClientIP affinity with real connections. A client first connects while there is only one endpoint. Then many
 * endpoints are added, so a client without affinity would soon reach another endpoint. A client that reaches the first
 * endpoint {@value #ASKED} times has affinity.
 */
@NeedsRoot
final class AffinityKernelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int ASKED = 6;

    private static final int HOURS = 10_800;
    private static final int SECONDS = 4;

    static Stream<Arguments> modesAndFamilies() {
        return KernelFlowTest.modesAndFamilies();
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void aClientStaysOverAllKindsOfFrontend(ProxyMode mode, IpFamily family) {
        try (World world = new World(mode)) {
            StickyService web = new StickyService(world, family, sticky(HOURS).done());
            web.endpoints(ready(POD.of(family)));
            assertThat(web.asks(CLIENT, CLUSTER_IP)).isEqualTo(web.at(POD));
            web.endpoints(withOthers(ready(POD.of(family)), OTHER_POD.of(family)));
            for (int i = 0; i < ASKED; i++) {
                for (StickyService.Both frontend : List.of(BALANCER_IP, EXTERNAL_IP, CLUSTER_IP)) {
                    assertThat(web.asks(CLIENT, frontend)).isEqualTo(web.at(POD));
                }
                assertThat(web.asksNodePort(CLIENT)).isEqualTo(web.at(POD));
            }
            IpPort first = web.asks(OTHER_CLIENT, BALANCER_IP);
            for (int i = 0; i < ASKED; i++) {
                assertThat(web.asksNodePort(OTHER_CLIENT)).isEqualTo(first);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void anEndpointInTheNodesNetworkIsRemembered(ProxyMode mode, IpFamily family) {
        try (World world = new World(mode)) {
            StickyService web = new StickyService(world, family, sticky(HOURS).done());
            web.endpoints(ready(NODE.of(family)));
            assertThat(web.asks(CLIENT, CLUSTER_IP)).isEqualTo(web.at(NODE));
            assertThat(web.asks(POD, CLUSTER_IP)).isEqualTo(web.at(NODE));
            assertThat(web.asks(NODE, CLUSTER_IP)).isEqualTo(web.at(NODE));
            web.endpoints(withOthers(ready(NODE.of(family)), OTHER_POD.of(family)));
            for (int i = 0; i < ASKED; i++) {
                assertThat(web.asks(CLIENT, CLUSTER_IP)).isEqualTo(web.at(NODE));
                assertThat(web.asks(POD, CLUSTER_IP)).isEqualTo(web.at(NODE));
                assertThat(web.asks(NODE, CLUSTER_IP)).isEqualTo(web.at(NODE));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void aForeignMasqueradeDoesNotHideTheClient(ProxyMode mode, IpFamily family) {
        try (World world = new World(mode)) {
            assertThat(world.nodeRunner()
                            .run(Command.of("nft", "-f", "-").withInput("""
                                    table inet masquerades-first {
                                      chain post { type nat hook postrouting priority 90; masquerade; }
                                    }
                                    """))
                            .succeeded())
                    .isTrue();
            StickyService web = new StickyService(world, family, sticky(HOURS).done());
            web.endpoints(ready(POD.of(family)));
            assertThat(web.asks(CLIENT, CLUSTER_IP)).isEqualTo(web.at(POD));
            web.endpoints(ready(OTHER_POD.of(family)), ready(POD.of(family)), remote(REMOTE_POD.of(family)));
            for (int i = 0; i < 4 * ASKED; i++) {
                assertThat(web.asks(CLIENT, CLUSTER_IP)).isEqualTo(web.at(POD));
            }
            IpPort others = web.asks(OTHER_CLIENT, CLUSTER_IP);
            for (int i = 0; i < 4 * ASKED; i++) {
                assertThat(web.asks(OTHER_CLIENT, CLUSTER_IP)).isEqualTo(others);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void aClientOfARemovedEndpointIsServedByAnotherAtOnce(ProxyMode mode, IpFamily family) {
        try (World world = new World(mode)) {
            StickyService web = new StickyService(world, family, sticky(HOURS).done());
            web.endpoints(ready(POD.of(family)));
            assertThat(web.asks(CLIENT, CLUSTER_IP)).isEqualTo(web.at(POD));
            web.endpoints(ready(OTHER_POD.of(family)));
            // TCP repeats a dropped packet after a second. The time limit is shorter, so the test fails if a packet is
            // dropped.
            Answer answer = world.owner(Ip.parse(CLIENT.of(family)))
                    .ask(
                            Protocol.TCP,
                            Ip.parse(CLIENT.of(family)),
                            new IpPort(Ip.parse(CLUSTER_IP.of(family)), 80),
                            Duration.ofMillis(900));
            assertThat(answer)
                    .isInstanceOfSatisfying(
                            Answer.Answered.class,
                            answered -> assertThat(answered.at()).isEqualTo(web.at(OTHER_POD)));
            web.endpoints(withOthers(ready(OTHER_POD.of(family)), POD.of(family)));
            for (int i = 0; i < ASKED; i++) {
                assertThat(web.asks(CLIENT, CLUSTER_IP)).isEqualTo(web.at(OTHER_POD));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void holdsAcrossPoliciesIfTheEndpointIsOfBothSets(ProxyMode mode, IpFamily family) {
        try (World world = new World(mode)) {
            StickyService web = new StickyService(
                    world, family, sticky(HOURS).externalLocal().done());
            List<SliceObject.SliceEndpoint> endpoints = new ArrayList<>(List.of(ready(POD.of(family))));
            endpoints.add(remote(REMOTE_POD.of(family)));
            web.endpoints(endpoints.toArray(SliceObject.SliceEndpoint[]::new));
            assertThat(web.asksNodePort(CLIENT))
                    .as("the only endpoint of this node")
                    .isEqualTo(web.at(POD));
            for (int i = 0; i < 4 * ASKED; i++) {
                assertThat(web.asks(CLIENT, CLUSTER_IP)).isEqualTo(web.at(POD));
                assertThat(web.asks(CLIENT, EXTERNAL_IP)).isEqualTo(web.at(POD));
            }
            // Without affinity, the client would reach the other endpoint half of the time. It must get its affinity
            // again.
            for (int i = 0; i < ASKED; i++) {
                web.endpoints(remote(REMOTE_POD.of(family)));
                web.endpoints(endpoints.toArray(SliceObject.SliceEndpoint[]::new));
                assertThat(web.asksNodePort(CLIENT)).isEqualTo(web.at(POD));
                assertThat(web.asks(CLIENT, CLUSTER_IP)).isEqualTo(web.at(POD));
            }
            // With policy Local, the remote endpoint does not serve. Its clients must be served by an endpoint of this
            // node.
            web.endpoints(remote(REMOTE_POD.of(family)));
            assertThat(web.asks(OTHER_CLIENT, CLUSTER_IP)).isEqualTo(web.at(REMOTE_POD));
            web.endpoints(endpoints.toArray(SliceObject.SliceEndpoint[]::new));
            assertThat(web.asksNodePort(OTHER_CLIENT)).isEqualTo(web.at(POD));
        }
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void everyNewConnectionRenewsTheTimeAndSilenceEndsIt(ProxyMode mode, IpFamily family) throws InterruptedException {
        try (World world = new World(mode)) {
            StickyService web = new StickyService(world, family, sticky(SECONDS).done());
            web.endpoints(ready(POD.of(family)));
            assertThat(web.asks(CLIENT, CLUSTER_IP)).isEqualTo(web.at(POD));
            web.endpoints(withOthers(ready(POD.of(family)), OTHER_POD.of(family)));
            for (int i = 0; i < 4; i++) {
                Thread.sleep(Duration.ofMillis(1_500));
                assertThat(web.asks(CLIENT, CLUSTER_IP)).isEqualTo(web.at(POD));
            }
            Set<IpPort> afterwards = new TreeSet<>();
            for (int i = 0; i < 4 && afterwards.size() < 2; i++) {
                Thread.sleep(Duration.ofMillis(SECONDS * 1_000L + 1_200));
                afterwards.add(web.asks(CLIENT, CLUSTER_IP));
            }
            assertThat(afterwards).hasSizeGreaterThan(1);
        }
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void switchingItOffRemovesWhatServedItAndLeavesConnections(ProxyMode mode, IpFamily family) throws IOException {
        try (World world = new World(mode)) {
            ServiceObject sticky = sticky(HOURS).done();
            StickyService web = new StickyService(world, family, sticky);
            web.endpoints(ready(POD.of(family)));
            LabHost client = world.owner(Ip.parse(CLIENT.of(family)));
            try (Conversation conversation = client.converse(
                    Ip.parse(CLIENT.of(family)), new IpPort(Ip.parse(CLUSTER_IP.of(family)), 80), PATIENCE)) {
                assertThat(conversation.who()).isEqualTo("pod-1");
                assertThat(world.kernel().text()).containsPattern("-m recent|map aff-");
                StickyService plain =
                        new StickyService(world, family, but(sticky).notSticky().done());
                plain.endpoints(ready(POD.of(family)), ready(OTHER_POD.of(family)));
                assertThat(world.kernel().text()).doesNotContainPattern("-m recent|map aff-|set live-|chain learn-");
                Set<IpPort> seen = new TreeSet<>();
                for (int i = 0; i < 40 && seen.size() < 2; i++) {
                    seen.add(plain.asks(CLIENT, CLUSTER_IP));
                }
                assertThat(seen).hasSize(2);
                plain.endpoints(ready(OTHER_POD.of(family)));
                assertThat(conversation.who())
                        .as("an existing connection keeps its endpoint")
                        .isEqualTo("pod-1");
            }
        }
    }
}

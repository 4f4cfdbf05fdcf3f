package io.fairlead.vm;

import static io.fairlead.core.fixture.ClusterObjects.alsoAt;
import static io.fairlead.core.fixture.ClusterObjects.but;
import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.core.fixture.ClusterObjects.remote;
import static io.fairlead.core.fixture.ClusterObjects.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.lab.Answer;
import io.fairlead.agent.lab.Conversation;
import io.fairlead.agent.lab.LabHost;
import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.fixture.ClusterObjects;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.process.Command;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * ClientIP affinity with real connections. A client is first served by the only endpoint there is; then many more come, so that
 * whoever is not remembered meets one of those: a client that stays {@value #ASKED} times was remembered.
 */
@NeedsRoot
final class AffinityKernelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int ASKED = 6;
    private static final int PORT = 8080;
    private static final int NODE_PORT = 30080;
    /** Endpoints beside the first: by chance a client meets the first {@value #ASKED} times once in 20^6. */
    private static final int OTHERS = 19;

    private static final int HOURS = 10_800;
    private static final int SECONDS = 4;

    static Stream<Arguments> modesAndFamilies() {
        return KernelFlowTest.modesAndFamilies();
    }

    /** The same address in each family. */
    private record Both(String v4, String v6) {
        String of(IpFamily family) {
            return family == IpFamily.IPV4 ? v4 : v6;
        }
    }

    private static final Both CLUSTER_IP = new Both("10.96.0.10", "fd00:10:96::10");
    private static final Both EXTERNAL_IP = new Both("198.51.100.7", "2001:db8:100::7");
    private static final Both BALANCER_IP = new Both("198.51.100.8", "2001:db8:100::8");
    private static final Both NODE = new Both("192.168.0.10", "fd00:192:168::10");
    private static final Both POD = new Both("10.244.1.11", "fd00:10:244:1::11");
    private static final Both OTHER_POD = new Both("10.244.1.12", "fd00:10:244:1::12");
    private static final Both REMOTE_POD = new Both("10.244.2.11", "fd00:10:244:2::11");
    private static final Both CLIENT = new Both("203.0.113.9", "2001:db8:113::9");
    private static final Both OTHER_CLIENT = new Both("203.0.113.99", "2001:db8:113::99");

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void aClientStaysOverAllKindsOfFrontend(ProxyMode mode, IpFamily family) {
        try (World world = new World(mode)) {
            Service web = new Service(world, family, sticky(HOURS).done());
            web.endpoints(ready(POD.of(family)));
            assertThat(web.asks(CLIENT, CLUSTER_IP)).isEqualTo(web.at(POD));
            web.endpoints(withOthers(ready(POD.of(family)), OTHER_POD.of(family)));
            for (int i = 0; i < ASKED; i++) {
                for (Both frontend : List.of(BALANCER_IP, EXTERNAL_IP, CLUSTER_IP)) {
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
            Service web = new Service(world, family, sticky(HOURS).done());
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
            Service web = new Service(world, family, sticky(HOURS).done());
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
            Service web = new Service(world, family, sticky(HOURS).done());
            web.endpoints(ready(POD.of(family)));
            assertThat(web.asks(CLIENT, CLUSTER_IP)).isEqualTo(web.at(POD));
            web.endpoints(ready(OTHER_POD.of(family)));
            // A packet that the rules drop is repeated after a second: here none is.
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
            Service web =
                    new Service(world, family, sticky(HOURS).externalLocal().done());
            List<SliceObject.SliceEndpoint> endpoints = new ArrayList<>(List.of(ready(POD.of(family))));
            endpoints.add(remote(REMOTE_POD.of(family)));
            web.endpoints(endpoints.toArray(SliceObject.SliceEndpoint[]::new));
            assertThat(web.asksNodePort(CLIENT)).as("the only one of this node").isEqualTo(web.at(POD));
            for (int i = 0; i < 4 * ASKED; i++) {
                assertThat(web.asks(CLIENT, CLUSTER_IP)).isEqualTo(web.at(POD));
                assertThat(web.asks(CLIENT, EXTERNAL_IP)).isEqualTo(web.at(POD));
            }
            // The remote endpoint is none of the Local set: whoever has it is served here, where policy Local counts.
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
            Service web = new Service(world, family, sticky(SECONDS).done());
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
            Service web = new Service(world, family, sticky);
            web.endpoints(ready(POD.of(family)));
            LabHost client = world.owner(Ip.parse(CLIENT.of(family)));
            try (Conversation conversation = client.converse(
                    Ip.parse(CLIENT.of(family)), new IpPort(Ip.parse(CLUSTER_IP.of(family)), 80), PATIENCE)) {
                assertThat(conversation.who()).isEqualTo("pod-1");
                assertThat(world.kernel().text()).containsPattern("-m recent|map aff-");
                Service plain =
                        new Service(world, family, but(sticky).notSticky().done());
                plain.endpoints(ready(POD.of(family)), ready(OTHER_POD.of(family)));
                assertThat(world.kernel().text()).doesNotContainPattern("-m recent|map aff-|set live-|chain learn-");
                Set<IpPort> seen = new TreeSet<>();
                for (int i = 0; i < 40 && seen.size() < 2; i++) {
                    seen.add(plain.asks(CLIENT, CLUSTER_IP));
                }
                assertThat(seen).hasSize(2);
                plain.endpoints(ready(OTHER_POD.of(family)));
                assertThat(conversation.who())
                        .as("a connection that exists stays where it is")
                        .isEqualTo("pod-1");
            }
        }
    }

    private static ClusterObjects.Draft sticky(int seconds) {
        return but(alsoAt(service("web", CLUSTER_IP.v4()), CLUSTER_IP.v6()))
                .externalIps(EXTERNAL_IP.v4(), EXTERNAL_IP.v6())
                .loadBalancerIps(BALANCER_IP.v4(), BALANCER_IP.v6())
                .nodePort(NODE_PORT)
                .sticky(seconds);
    }

    /** The first, and many on another host. */
    private static SliceObject.SliceEndpoint[] withOthers(SliceObject.SliceEndpoint first, String other) {
        return new SliceObject.SliceEndpoint[] {first, ready(other)};
    }

    /** A Service in one kernel, asked in one family. */
    private record Service(World world, IpFamily family, ServiceObject object) {

        /** The Service has these endpoints; where there are two, the second has many ports. */
        void endpoints(SliceObject.SliceEndpoint... endpoints) {
            List<SliceObject> slices = new ArrayList<>();
            if (endpoints.length == 2 && !endpoints[1].ip().equals(Ip.parse(REMOTE_POD.of(family)))) {
                slices.add(slice("first", PORT, endpoints[0]));
                IntStream.rangeClosed(1, OTHERS).forEach(i -> slices.add(slice("other-" + i, PORT + i, endpoints[1])));
            } else {
                slices.add(slice("all", PORT, endpoints));
            }
            slices.forEach(slice -> slice.endpoints()
                    .forEach(endpoint -> world.listen(
                            Protocol.TCP,
                            new IpPort(endpoint.ip(), slice.ports().getFirst().port()))));
            world.kernel()
                    .bring(world.plan(ClusterState.of(
                            Map.of(object.name(), object),
                            slices.stream().collect(Collectors.toMap(SliceObject::key, slice -> slice)),
                            Map.of(),
                            Map.of())));
        }

        private SliceObject slice(String name, int port, SliceObject.SliceEndpoint... endpoints) {
            return new SliceObject(
                    object.name(),
                    name,
                    family,
                    List.of(new SliceObject.Port("http", Protocol.TCP, port)),
                    List.of(endpoints));
        }

        IpPort at(Both host) {
            return new IpPort(Ip.parse(host.of(family)), PORT);
        }

        IpPort asks(Both client, Both frontend) {
            return asks(client.of(family), frontend.of(family), 80);
        }

        IpPort asksNodePort(Both client) {
            return asks(client.of(family), NODE.of(family), NODE_PORT);
        }

        IpPort asks(String client, String address, int port) {
            Ip from = Ip.parse(client);
            Answer answer = world.owner(from).ask(Protocol.TCP, from, new IpPort(Ip.parse(address), port), PATIENCE);
            if (answer instanceof Answer.Answered answered) {
                return answered.at();
            }
            throw new AssertionError(client + " asked " + address + ": " + answer);
        }
    }
}

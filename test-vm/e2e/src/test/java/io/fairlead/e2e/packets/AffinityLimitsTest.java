package io.fairlead.e2e.packets;

import static io.fairlead.core.fixture.ClusterObjects.ready;
import static io.fairlead.e2e.packets.StickyService.CLIENT;
import static io.fairlead.e2e.packets.StickyService.CLUSTER_IP;
import static io.fairlead.e2e.packets.StickyService.OTHER_CLIENT;
import static io.fairlead.e2e.packets.StickyService.OTHER_POD;
import static io.fairlead.e2e.packets.StickyService.POD;
import static io.fairlead.e2e.packets.StickyService.sticky;
import static io.fairlead.e2e.packets.StickyService.withOthers;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests ClientIP affinity if the list of clients is full, if first connections are simultaneous, and if the list has a
 * wrong entry.
 */
@NeedsRoot
final class AffinityLimitsTest {
    private static final int HOURS = 10_800;
    private static final int ASKED = 6;
    private static final int AT_ONCE = 40;
    private static final int LIMIT = 65_536;
    private static final Pattern MAP = Pattern.compile("map (aff(?:port)?-\\w+) \\{");

    static Stream<Arguments> modesAndFamilies() {
        return KernelFlowTest.modesAndFamilies();
    }

    /**
     * Tests only nftables mode. In iptables mode the kernel's module {@code recent} removes the oldest client from a
     * full list (AFF-14).
     */
    @ParameterizedTest
    @EnumSource(IpFamily.class)
    void aClientForWhomThereIsNoRoomIsServedAndNotRemembered(IpFamily family) throws Exception {
        try (World world = new World(ProxyMode.NFTABLES)) {
            StickyService web = new StickyService(world, family, sticky(HOURS).done());
            web.endpoints(ready(POD.of(family)));
            assertThat(web.asks(OTHER_CLIENT, CLUSTER_IP)).isEqualTo(web.at(POD));
            fill(world, family, POD.of(family), LIMIT - 1);
            web.endpoints(withOthers(ready(POD.of(family)), OTHER_POD.of(family)));

            Set<IpPort> met = new TreeSet<>();
            for (int i = 0; i < 40 && met.size() < 2; i++) {
                met.add(web.asks(CLIENT, CLUSTER_IP));
            }
            assertThat(met).as("endpoints of a client without affinity").hasSizeGreaterThan(1);
            for (int i = 0; i < ASKED; i++) {
                assertThat(web.asks(OTHER_CLIENT, CLUSTER_IP))
                        .as("a client in the full list keeps its endpoint")
                        .isEqualTo(web.at(POD));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void manyFirstConnectionsAtOnceAreServedAndLaterOnesHaveOneEndpoint(ProxyMode mode, IpFamily family)
            throws Exception {
        try (World world = new World(mode);
                ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
            StickyService web = new StickyService(world, family, sticky(HOURS).done());
            web.endpoints(withOthers(ready(POD.of(family)), OTHER_POD.of(family)));
            Set<IpPort> first = new TreeSet<>();
            for (Future<IpPort> answer : IntStream.range(0, AT_ONCE)
                    .mapToObj(_ -> askers.submit(() -> web.asks(CLIENT, CLUSTER_IP)))
                    .toList()) {
                first.add(answer.get());
            }
            System.out.printf(
                    "affinity, %s, %s: %d first connections at once met %d endpoints%n",
                    mode.text(), family.name(), AT_ONCE, first.size());
            IpPort stays = web.asks(CLIENT, CLUSTER_IP);
            assertThat(first).contains(stays);
            for (int i = 0; i < AT_ONCE; i++) {
                assertThat(web.asks(CLIENT, CLUSTER_IP)).isEqualTo(stays);
            }
        }
    }

    /** The list has an entry for an address that is not an endpoint, as if Fairlead had failed to delete the entry. */
    @ParameterizedTest
    @EnumSource(IpFamily.class)
    void aClientThatTheRulesLetGoHasOneEndpointFromThenOn(IpFamily family) throws Exception {
        try (World world = new World(ProxyMode.NFTABLES)) {
            StickyService web = new StickyService(world, family, sticky(HOURS).done());
            web.endpoints(withOthers(ready(POD.of(family)), OTHER_POD.of(family)));
            remember(
                    world, family, CLIENT.of(family), family == IpFamily.IPV4 ? "10.244.1.99" : "fd00:10:244:1::99", 9);

            long begun = System.nanoTime();
            IpPort stays = web.asks(CLIENT, CLUSTER_IP);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
            for (int i = 0; i < 4 * ASKED; i++) {
                begun = System.nanoTime();
                assertThat(web.asks(CLIENT, CLUSTER_IP)).isEqualTo(stays);
                assertThat(Duration.ofNanos(System.nanoTime() - begun))
                        .as("later packets are not dropped")
                        .isLessThan(Duration.ofMillis(900));
            }
        }
    }

    private static void fill(World world, IpFamily family, String endpoint, int clients) {
        remember(
                world,
                family,
                IntStream.range(0, clients)
                        .mapToObj(i -> family == IpFamily.IPV4
                                ? "100." + (64 + (i >> 16)) + "." + (i >> 8 & 255) + "." + (i & 255)
                                : "2001:db8:64::" + Integer.toHexString(i + 1)),
                endpoint,
                StickyService.PORT);
    }

    private static void remember(World world, IpFamily family, String client, String endpoint, int port) {
        remember(world, family, Stream.of(client), endpoint, port);
    }

    private static void remember(World world, IpFamily family, Stream<String> clients, String endpoint, int port) {
        String table = family == IpFamily.IPV4 ? "ip" : "ip6";
        String keys = clients.map(client -> client + " : %").collect(Collectors.joining(", "));
        StringBuilder commands = new StringBuilder();
        ProcessResult listing = world.nodeRunner().run(Command.of("nft", "list", "table", table, "kube-proxy"));
        Matcher map = MAP.matcher(listing.output());
        while (map.find()) {
            String data = map.group(1).startsWith("affport")
                    ? Integer.toString(port)
                    : family == IpFamily.IPV4 ? endpoint + " . " + port : endpoint;
            commands.append("add element ").append(table).append(" kube-proxy ").append(map.group(1));
            commands.append(" { ").append(keys.replace("%", data)).append(" }\n");
        }
        ProcessResult added =
                world.nodeRunner().run(Command.of("nft", "-f", "-").withInput(commands.toString()));
        assertThat(added.succeeded()).as(added.error()).isTrue();
    }
}

package io.fairlead.bench;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.cluster.SourceRanges;
import io.fairlead.core.cluster.TrafficPolicy;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Ipv4;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.nft.NftChange;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.NftRuleset;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Measures the time for the first packet of a new flow, with and without ClientIP affinity, and with few and many
 * endpoints.
 */
final class AffinityBench {
    private static final int FEW = 2;
    private static final int MANY = 200;
    /**
     * The number of addresses of each Service. A datagram from one port to each address starts as many new flows, which
     * all use the same list of clients.
     */
    private static final int ADDRESSES = 2_000;

    private static final int ROUNDS = 11;
    private static final int PORT = 53;

    private final BenchNetwork network;
    private final PrintWriter out;

    AffinityBench(BenchNetwork network, PrintWriter out) {
        this.network = network;
        this.out = out;
    }

    void measure() {
        Map<ServiceName, ServiceObject> services = new HashMap<>();
        Map<SliceObject.Key, SliceObject> slices = new HashMap<>();
        List<List<IpPort>> targets = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            int endpoints = number % 2 == 0 ? FEW : MANY;
            ServiceObject service = service(number, number >= 2);
            services.put(service.name(), service);
            SliceObject slice = slice(service.name(), number, endpoints);
            slices.put(slice.key(), slice);
            targets.add(service.externalIps().stream()
                    .map(ip -> new IpPort(ip, PORT))
                    .toList());
        }
        Backend<NftRuleset, NftChange> backend = new NftKernel(network.nftables()).backend();
        NftRuleset rules = backend.layout()
                .render(Planner.plan(
                        ClusterState.of(services, slices, Map.of(), Map.of()),
                        NodeSettings.defaults(ProxyMode.NFTABLES, "bench")));
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), rules));
        double[][] took = new double[4][ROUNDS];
        targets.forEach(network::send);
        for (int round = 0; round < ROUNDS; round++) {
            for (int number = 0; number < 4; number++) {
                took[number][round] = network.send(targets.get(number)) / 1e3 / ADDRESSES;
            }
        }
        print("no affinity", median(took[0]), median(took[1]));
        print("ClientIP affinity", median(took[2]), median(took[3]));
    }

    private void print(String what, double few, double many) {
        out.printf(
                Locale.ROOT,
                "  %-20s a new UDP flow %6.2f us with %d endpoints, %6.2f us with %d: ratio %.2f%n",
                what,
                few,
                FEW,
                many,
                MANY,
                many / few);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static ServiceObject service(int number, boolean sticky) {
        List<Ip> addresses = IntStream.range(0, ADDRESSES)
                .<Ip>mapToObj(i -> new Ipv4(0x0a700000 + (number << 16) + i))
                .toList();
        return new ServiceObject(
                new ServiceName("bench", "svc-" + number),
                ServiceObject.Type.CLUSTER_IP,
                ServiceObject.Selection.SERVED,
                Map.of(IpFamily.IPV4, new Ipv4(0x0a600001 + number)),
                List.of(new ServiceObject.Port("dns", Protocol.UDP, PORT, 0)),
                addresses,
                List.of(),
                SourceRanges.NONE,
                TrafficPolicy.CLUSTER,
                TrafficPolicy.CLUSTER,
                sticky ? new Affinity.ClientIp(10_800) : new Affinity.None(),
                0);
    }

    private static SliceObject slice(ServiceName service, int number, int endpoints) {
        return new SliceObject(
                service,
                service.name() + "-1",
                IpFamily.IPV4,
                List.of(new SliceObject.Port("dns", Protocol.UDP, 5353)),
                IntStream.range(0, endpoints)
                        .mapToObj(i -> new SliceObject.SliceEndpoint(
                                new Ipv4(0x0a800000 + (number << 16) + i), true, true, false, null, Set.of(), Set.of()))
                        .toList());
    }
}

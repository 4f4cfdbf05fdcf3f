package io.fairlead.bench;

import io.fairlead.agent.loop.ChangeBatch;
import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.cluster.SourceRanges;
import io.fairlead.core.cluster.TrafficPolicy;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Ipv4;
import io.fairlead.core.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A large cluster that is generated from two numbers: the number of Services, and the number of endpoints of each. The
 * Services have the type ClusterIP and one port. All endpoints are on another node.
 */
final class BenchCluster {
    /** The ClusterIP of the first Service, 10.96.0.1. The other Services have the following addresses, without gaps. */
    static final int FIRST_CLUSTER_IP = 0x0a600001;

    /** The port of every Service. */
    static final int PORT = 80;

    private static final String NODE = "another";
    private static final int FIRST_POD_IP = 0x0a800001; // 10.128.0.1
    private static final int FIRST_FRESH_IP = 0x0af00001; // 10.240.0.1

    private final NavigableMap<ServiceName, ServiceObject> services = new TreeMap<>();
    private final Map<SliceObject.Key, SliceObject> slices = new TreeMap<>();
    private final int endpointsEach;
    private final Protocol protocol;
    private final List<ClusterChange> changed = new ArrayList<>();
    private boolean fed;
    private int changes;

    BenchCluster(int services, int endpointsEach) {
        this(services, endpointsEach, Protocol.TCP);
    }

    BenchCluster(int services, int endpointsEach, Protocol protocol) {
        this.protocol = protocol;
        this.endpointsEach = endpointsEach;
        for (int i = 0; i < services; i++) {
            ServiceName name = name(i);
            this.services.put(name, service(name, new Ipv4(FIRST_CLUSTER_IP + i)));
            List<Ip> ips = new ArrayList<>();
            for (int j = 0; j < endpointsEach; j++) {
                ips.add(new Ipv4(FIRST_POD_IP + i * endpointsEach + j));
            }
            put(name, ips);
        }
    }

    /**
     * Replaces one endpoint of one Service by an endpoint with a new address. Successive calls choose different
     * Services.
     */
    void changeOneEndpoint() {
        replaceEndpoint((int) (changes * 7919L % services.size()));
    }

    /**
     * Changes a Service so that it has this number of endpoints, whose addresses follow one another from that of its
     * first original endpoint. If the number is larger than at the start, the last addresses are also those of
     * endpoints of the next Service.
     *
     * @param index 0 for the first Service
     */
    void scale(int index, int endpoints) {
        List<Ip> ips = new ArrayList<>();
        for (int j = 0; j < endpoints; j++) {
            ips.add(new Ipv4(FIRST_POD_IP + index * endpointsEach + j));
        }
        put(name(index), ips);
    }

    /** Replaces the endpoints of a Service by its original endpoints without the name of their node. */
    void forgetNode(int index) {
        List<Ip> ips = new ArrayList<>();
        for (int j = 0; j < endpointsEach; j++) {
            ips.add(new Ipv4(FIRST_POD_IP + index * endpointsEach + j));
        }
        put(name(index), ips, null);
    }

    /**
     * Replaces the endpoints of a Service: the new endpoints are all original endpoints except the first, and an
     * endpoint with a new address.
     *
     * @param index 0 for the first Service
     */
    void replaceEndpoint(int index) {
        List<Ip> ips = new ArrayList<>();
        for (int j = 1; j < endpointsEach; j++) {
            ips.add(new Ipv4(FIRST_POD_IP + index * endpointsEach + j));
        }
        ips.add(new Ipv4(FIRST_FRESH_IP + changes));
        put(name(index), ips);
        changes++;
    }

    /** Deletes a Service, but not its slice. */
    void delete(int index) {
        services.remove(name(index));
        changed.add(new ClusterChange.Service(name(index), null));
    }

    /** Adds a deleted Service again. */
    void create(int index) {
        ServiceObject service = service(name(index), new Ipv4(FIRST_CLUSTER_IP + index));
        services.put(service.name(), service);
        changed.add(new ClusterChange.Service(service.name(), service));
    }

    private static ServiceName name(int index) {
        return new ServiceName("bench", "svc-" + index);
    }

    /** Returns the changes since the last call, as the agent's queue does; all objects at the first call. */
    ChangeBatch take() {
        List<ClusterChange> changes = fed ? changed : ClusterChange.between(ClusterState.EMPTY, state());
        ChangeBatch batch = new ChangeBatch(changes, List.of());
        fed = true;
        changed.clear();
        return batch;
    }

    /** Returns all objects, for callers that compute one plan from all of them. */
    ClusterState state() {
        return ClusterState.of(services, slices, Map.of(), Map.of());
    }

    /** Returns the objects of a cluster that has only the last Service. */
    ClusterState lastAlone() {
        ServiceName last = services.lastKey();
        Map<SliceObject.Key, SliceObject> own = new TreeMap<>(slices);
        own.values().removeIf(slice -> !slice.service().equals(last));
        return ClusterState.of(Map.of(last, services.lastEntry().getValue()), own, Map.of(), Map.of());
    }

    /**
     * Returns the ClusterIP of the last Service by name. In a linear chain it has the last rule, because rules are
     * sorted by name.
     */
    Ip lastAddress() {
        return Objects.requireNonNull(
                services.lastEntry().getValue().clusterIps().get(IpFamily.IPV4));
    }

    /** Returns the address of the first endpoint of the last Service. */
    Ip lastEndpoint() {
        return slices.values().stream()
                .filter(slice -> slice.service().equals(services.lastKey()))
                .findFirst()
                .orElseThrow()
                .endpoints()
                .getFirst()
                .ip();
    }

    /** Makes the next call of {@link #take} return all objects again, as for an agent that starts while rules exist. */
    void forget() {
        fed = false;
    }

    private void put(ServiceName name, List<Ip> ips) {
        put(name, ips, NODE);
    }

    private void put(ServiceName name, List<Ip> ips, @Nullable String node) {
        SliceObject slice = new SliceObject(
                name,
                name.name() + "-1",
                IpFamily.IPV4,
                List.of(new SliceObject.Port("http", protocol, 8080)),
                ips.stream()
                        .map(ip -> new SliceObject.SliceEndpoint(ip, true, true, false, node, Set.of(), Set.of()))
                        .toList());
        slices.put(slice.key(), slice);
        if (fed) {
            changed.add(new ClusterChange.Slice(slice.key(), slice, null));
        }
    }

    private ServiceObject service(ServiceName name, Ip clusterIp) {
        return new ServiceObject(
                name,
                ServiceObject.Type.CLUSTER_IP,
                ServiceObject.Selection.SERVED,
                Map.of(IpFamily.IPV4, clusterIp),
                List.of(new ServiceObject.Port("http", protocol, PORT, 0)),
                List.of(),
                List.of(),
                SourceRanges.NONE,
                TrafficPolicy.CLUSTER,
                TrafficPolicy.CLUSTER,
                new Affinity.None(),
                0);
    }
}

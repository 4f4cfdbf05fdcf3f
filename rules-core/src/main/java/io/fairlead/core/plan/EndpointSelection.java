package io.fairlead.core.plan;

import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.cluster.SliceObject.SliceEndpoint;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Endpoint.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of one Service port in one family. The methods select from them the endpoints that each traffic policy
 * allows.
 *
 * @param candidates the endpoints by address, merged over all slices (EPS-3, EPS-9)
 * @param nodeName the name of this node; "" if it is unknown
 * @param zone the zone of this node; "" if it is unknown
 */
record EndpointSelection(Map<IpPort, Candidate> candidates, String nodeName, String zone) {

    /** An endpoint of a slice, with the port of that slice. */
    record Candidate(SliceEndpoint endpoint, IpPort address, Place place) {
        boolean local() {
            return place == Place.THIS_NODE;
        }

        boolean ready() {
            return endpoint.ready();
        }

        boolean servingTerminating() {
            return endpoint.serving() && endpoint.terminating() && !endpoint.ready();
        }

        /**
         * Returns the candidate that is used if two slices contain the same address (EPS-9). Its place is OTHER_NODE
         * only if both slices name another node, because packets that a local pod sends to itself would otherwise not
         * be masqueraded.
         */
        Candidate or(Candidate later) {
            Candidate chosen = later.beats(this) ? later : this;
            return chosen.place == Place.OTHER_NODE && place != later.place
                    ? new Candidate(chosen.endpoint, chosen.address, Place.UNKNOWN)
                    : chosen;
        }

        private boolean beats(Candidate other) {
            if (endpoint.terminating() != other.endpoint.terminating()) {
                return other.endpoint.terminating();
            }
            if (local() != other.local()) {
                return local();
            }
            return ready() && !other.ready();
        }

        Endpoint planned() {
            return new Endpoint(address, place);
        }
    }

    static EndpointSelection of(
            Collection<SliceObject> slices,
            String portName,
            Protocol protocol,
            IpFamily family,
            String nodeName,
            String zone) {
        Map<IpPort, Candidate> candidates = new TreeMap<>();
        for (SliceObject slice : slices) {
            if (slice.family() != family) {
                continue;
            }
            for (SliceObject.Port port : slice.ports()) {
                if (!port.name().equals(portName) || port.protocol() != protocol) {
                    continue;
                }
                for (SliceEndpoint endpoint : slice.endpoints()) {
                    if (endpoint.ip().family() == family) {
                        Candidate candidate = new Candidate(
                                endpoint, new IpPort(endpoint.ip(), port.port()), place(endpoint.nodeName(), nodeName));
                        candidates.merge(candidate.address(), candidate, Candidate::or);
                    }
                }
            }
        }
        return new EndpointSelection(candidates, nodeName, zone);
    }

    /** Returns the place where an endpoint runs, relative to this node (EPS-8). */
    private static Place place(@Nullable String of, String thisNode) {
        if (of == null || of.isEmpty() || thisNode.isEmpty()) {
            return Place.UNKNOWN;
        }
        return of.equals(thisNode) ? Place.THIS_NODE : Place.OTHER_NODE;
    }

    /** Returns the endpoints for policy Cluster (TP-1, TP-2). */
    List<Endpoint> cluster() {
        List<Candidate> ready = select(Candidate::ready);
        return planned(ready.isEmpty() ? select(Candidate::servingTerminating) : topology(ready));
    }

    /** Returns the endpoints for policy Local (TP-4, TP-21). */
    List<Endpoint> local() {
        List<Candidate> ready = select(candidate -> candidate.local() && candidate.ready());
        return planned(
                ready.isEmpty() ? select(candidate -> candidate.local() && candidate.servingTerminating()) : ready);
    }

    /** Returns whether any endpoint on any node can serve (TP-5). */
    boolean any() {
        for (Candidate candidate : candidates.values()) {
            if (candidate.ready() || candidate.servingTerminating()) {
                return true;
            }
        }
        return false;
    }

    /** Returns the addresses to which existing UDP flows may continue (CT-3). */
    List<IpPort> serving() {
        return select(candidate -> candidate.ready() || candidate.endpoint().serving()).stream()
                .map(Candidate::address)
                .toList();
    }

    /**
     * Returns the ready endpoints that the topology hints select (TP-16 to TP-19). Hints for nodes have priority over
     * hints for zones. Hints of one kind have an effect only if every ready endpoint has hints of this kind, and if at
     * least one of these hints names this node or this zone. If no hints have an effect, returns all ready endpoints.
     */
    private List<Candidate> topology(List<Candidate> ready) {
        List<Candidate> sameNode = hinted(ready, nodeName, SliceEndpoint::nodeHints);
        if (!sameNode.isEmpty()) {
            return sameNode;
        }
        List<Candidate> sameZone = hinted(ready, zone, SliceEndpoint::zoneHints);
        return sameZone.isEmpty() ? ready : sameZone;
    }

    private static List<Candidate> hinted(
            List<Candidate> ready, String here, Function<SliceEndpoint, Set<String>> hints) {
        List<Candidate> hinted = new ArrayList<>();
        for (Candidate candidate : here.isEmpty() ? List.<Candidate>of() : ready) {
            Set<String> named = hints.apply(candidate.endpoint());
            if (named.isEmpty()) {
                return List.of();
            }
            if (named.contains(here)) {
                hinted.add(candidate);
            }
        }
        return hinted;
    }

    private List<Candidate> select(Predicate<Candidate> condition) {
        List<Candidate> chosen = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates.values()) {
            if (condition.test(candidate)) {
                chosen.add(candidate);
            }
        }
        return chosen;
    }

    private static List<Endpoint> planned(List<Candidate> chosen) {
        List<Endpoint> planned = new ArrayList<>(chosen.size());
        for (Candidate candidate : chosen) {
            planned.add(candidate.planned());
        }
        return planned;
    }
}

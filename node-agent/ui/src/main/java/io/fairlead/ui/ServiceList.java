package io.fairlead.ui;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ServicePlan;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One part of the list of Services.
 *
 * @param search the text that the Services were searched for; "" for all
 * @param only whether only Services that need attention are listed
 * @param found the number of Services that were found
 * @param all the number of Services
 * @param attention the number of Services that need attention, among all
 * @param part the number of this part, from 1
 * @param parts the number of parts, at least 1
 */
record ServiceList(
        String search, boolean only, int found, int all, int attention, int part, int parts, List<Row> rows) {
    /** The number of Services in a part. A part of this size is rendered in a few milliseconds. */
    static final int PART = 100;

    private static final int MOST_ADDRESSES = 3;

    /**
     * A Service in the list.
     *
     * @param addresses the first frontends
     * @param moreAddresses the number of further frontends
     * @param endpoints the number of addresses of endpoints, over all ports
     * @param local the number of these addresses that are on this node
     */
    record Row(
            ServiceName name,
            ServiceState state,
            List<String> addresses,
            int moreAddresses,
            long endpoints,
            long local) {
        String link() {
            return ServiceDetails.link(name);
        }
    }

    static ServiceList of(Snapshot snapshot, Query query) {
        String search = query.get("q").toLowerCase(Locale.ROOT);
        boolean only = query.get("only").equals("attention");
        List<ServicePlan> found = snapshot.services().values().stream()
                .filter(service -> !only || needsAttention(snapshot, service))
                .filter(service -> search.isEmpty() || matches(service, search))
                .toList();
        int parts = Math.max(1, (found.size() + PART - 1) / PART);
        int part = Math.min(parts, query.number("part"));
        List<Row> rows = found.stream()
                .skip((part - 1L) * PART)
                .limit(PART)
                .map(service -> row(snapshot, service))
                .toList();
        int attention = (int) snapshot.services().values().stream()
                .filter(service -> needsAttention(snapshot, service))
                .count();
        return new ServiceList(
                query.get("q"), only, found.size(), snapshot.services().size(), attention, part, parts, rows);
    }

    /** Returns the link to another part of the same list. */
    String link(int other) {
        return only
                ? Query.link(UiSite.SERVICES, "q", search, "only", "attention", "part", Integer.toString(other))
                : Query.link(UiSite.SERVICES, "q", search, "part", Integer.toString(other));
    }

    private static boolean needsAttention(Snapshot snapshot, ServicePlan service) {
        return switch (snapshot.state(service).level()) {
            case BAD, PARTLY -> true;
            case QUIET, GOOD -> false;
        };
    }

    /** Returns whether the name, a frontend or an endpoint of the Service contains the text. */
    private static boolean matches(ServicePlan service, String search) {
        return service.name().text().contains(search)
                || service.ports().stream()
                        .anyMatch(port -> Stream.concat(
                                        port.frontends().stream().map(Frontend::text),
                                        endpoints(port).map(Endpoint::text))
                                .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(search)));
    }

    private static Row row(Snapshot snapshot, ServicePlan service) {
        List<String> addresses = service.ports().stream()
                .flatMap(port -> port.frontends().stream()
                        .map(frontend -> frontend.text() + "/" + port.name().protocol()))
                .toList();
        Map<Ip, Boolean> endpoints = new TreeMap<>();
        service.ports().stream()
                .flatMap(ServiceList::endpoints)
                .forEach(endpoint -> endpoints.merge(endpoint.ip(), endpoint.local(), Boolean::logicalOr));
        return new Row(
                service.name(),
                snapshot.state(service),
                addresses.stream().limit(MOST_ADDRESSES).toList(),
                Math.max(0, addresses.size() - MOST_ADDRESSES),
                endpoints.size(),
                endpoints.values().stream().filter(local -> local).count());
    }

    /** Returns the endpoints of both policies, each once. */
    static Stream<Endpoint> endpoints(PortPlan port) {
        return Stream.concat(port.clusterEndpoints().stream(), port.localEndpoints().stream())
                .distinct();
    }
}

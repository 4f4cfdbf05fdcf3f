package io.fairlead.explain.routing;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The addresses, routes and routing rules of a node. Each of them may be unknown.
 *
 * @param addresses the addresses of each interface, in the kernel's order
 * @param routes the routes; empty if they are not known
 * @param rules the routing rules. If they are not known, the list is empty, and the rules that the kernel creates on
 *     every node are assumed
 */
public record Routing(Map<String, List<Ip>> addresses, List<NodeRoute> routes, List<RoutingRule> rules) {

    /** A value for a node of which nothing is known. */
    public static final Routing UNKNOWN = new Routing(Map.of(), List.of(), List.of());

    /** Makes copies of the collections, and sorts the rules by priority. */
    public Routing {
        addresses = new TreeMap<>(addresses);
        routes = List.copyOf(routes);
        rules = rules.stream()
                .sorted(Comparator.comparingLong(RoutingRule::priority))
                .toList();
    }

    /** Returns the addresses, routes and rules of this value and of another. */
    public Routing and(Routing other) {
        Map<String, List<Ip>> all = new TreeMap<>(addresses);
        other.addresses.forEach((device, more) -> all.merge(
                device,
                more,
                (one, two) ->
                        Stream.concat(one.stream(), two.stream()).distinct().toList()));
        return new Routing(
                all,
                Stream.concat(routes.stream(), other.routes.stream()).distinct().toList(),
                Stream.concat(rules.stream(), other.rules.stream()).distinct().toList());
    }

    /** Returns the addresses of all interfaces. */
    public List<Ip> allAddresses() {
        return addresses.values().stream().flatMap(List::stream).distinct().toList();
    }

    /** Returns whether the routes of a family are known. */
    public boolean knows(IpFamily family) {
        return routes.stream().anyMatch(route -> route.to().family() == family);
    }

    /**
     * Returns where the kernel sends a packet.
     *
     * @param input the input interface; null for a packet that this host sends
     */
    public Decision decide(Ip from, Ip to, long mark, @Nullable String input) {
        if (!knows(to.family())) {
            return new Decision.Unknown();
        }
        for (RoutingRule rule : rules(to.family())) {
            if (!rule.fits(from, to, mark, input)) {
                continue;
            }
            if (!rule.other().isEmpty()) {
                return new Decision.Unknown();
            }
            if (rule.table().isEmpty()) {
                return new Decision.Nowhere(rule.text(), rule.action().equals("blackhole"));
            }
            Optional<NodeRoute> route = route(rule, to);
            if (route.isPresent()) {
                Decision decision = of(rule, route.get());
                if (decision != null) {
                    return decision;
                }
            }
        }
        return leadsOut(to.family()) ? new Decision.Nowhere("no route to " + to, false) : new Decision.Unknown();
    }

    /**
     * Returns whether a family has a route to another host. Without such a route, as in a new network namespace, the
     * routes do not show where a node's packets would go.
     */
    private boolean leadsOut(IpFamily family) {
        return routes.stream()
                .anyMatch(route -> route.to().family() == family
                        && route.type().equals("unicast")
                        && !"lo".equals(route.device()));
    }

    private List<RoutingRule> rules(IpFamily family) {
        List<RoutingRule> known =
                rules.stream().filter(rule -> rule.family() == family).toList();
        if (!known.isEmpty()) {
            return known;
        }
        List<RoutingRule> ordinary = new ArrayList<>();
        ordinary.add(RoutingRule.ordinary(family, 0, "local"));
        ordinary.add(RoutingRule.ordinary(family, 32766, "main"));
        ordinary.add(RoutingRule.ordinary(family, 32767, "default"));
        return ordinary;
    }

    private Optional<NodeRoute> route(RoutingRule rule, Ip to) {
        return routes.stream()
                .filter(route ->
                        route.table().equals(rule.table()) && route.to().contains(to))
                .filter(route -> route.to().prefixLength() > rule.shortest())
                .min(Comparator.<NodeRoute>comparingInt(route -> -route.to().prefixLength())
                        .thenComparingLong(NodeRoute::metric));
    }

    /** Returns the decision of a route; null if the kernel continues with the next routing rule. */
    private static @Nullable Decision of(RoutingRule rule, NodeRoute route) {
        String by = "ip " + rule.text() + ": " + route.text();
        return switch (route.type()) {
            case "local", "anycast" -> new Decision.Here();
            case "throw" -> null;
            case "blackhole" -> new Decision.Nowhere(by, true);
            case "unreachable", "prohibit" -> new Decision.Nowhere(by, false);
            default ->
                route.device() == null
                        ? new Decision.Unknown()
                        : new Decision.Out(route.device(), by, !rule.isOrdinary());
        };
    }
}

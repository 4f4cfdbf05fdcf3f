package io.fairlead.explain.routing;

import io.fairlead.core.net.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * A route of the node.
 *
 * @param table the name or number of the routing table that contains the route
 * @param type the type as ip prints it, for example "unicast", "local" or "blackhole"
 * @param device the interface; null if the route has none
 * @param via the next hop, as text for users; "" if there is none
 */
public record NodeRoute(
        String table, Cidr to, String type, @Nullable String device, String via, long metric) {

    /** Returns a shortened form of the route as ip prints it. */
    String text() {
        return (type.equals("unicast") ? "" : type + " ")
                + (to.prefixLength() == 0 ? "default" : to.text())
                + (via.isEmpty() ? "" : " via " + via)
                + (device == null ? "" : " dev " + device);
    }
}

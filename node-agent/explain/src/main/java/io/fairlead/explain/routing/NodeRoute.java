package io.fairlead.explain.routing;

import io.fairlead.core.net.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * A route.
 *
 * @param table the name or number of its table
 * @param type "unicast", "local", "blackhole" and so on, as ip prints them
 * @param device the interface; null if the route has none
 * @param via the next hop, for people; "" for none
 */
public record NodeRoute(
        String table, Cidr to, String type, @Nullable String device, String via, long metric) {

    /** Returns the route as ip prints it, shortened. */
    String text() {
        return (type.equals("unicast") ? "" : type + " ")
                + (to.prefixLength() == 0 ? "default" : to.text())
                + (via.isEmpty() ? "" : " via " + via)
                + (device == null ? "" : " dev " + device);
    }
}

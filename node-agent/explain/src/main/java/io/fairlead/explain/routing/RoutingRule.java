package io.fairlead.explain.routing;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import org.jspecify.annotations.Nullable;

/**
 * A routing rule.
 *
 * @param from the source addresses; null for all
 * @param to the destination addresses; null for all
 * @param input the input interface; null for any
 * @param output the interface to which the sending socket is bound; null for any
 * @param other the conditions whose meaning is unknown, as text for users; "" if there are none
 * @param table the routing table in which the rule looks up a route; "" if the rule has another action
 * @param action the action as ip prints it, for example "lookup", "blackhole", "unreachable" or "prohibit"
 * @param shortest routes with a prefix of at most this length are ignored; -1 to ignore no route
 */
public record RoutingRule(
        IpFamily family,
        long priority,
        boolean negated,
        @Nullable Cidr from,
        @Nullable Cidr to,
        long mark,
        long mask,
        @Nullable String input,
        @Nullable String output,
        String other,
        String table,
        String action,
        int shortest) {

    /** Returns a rule that the kernel creates on every node. */
    static RoutingRule ordinary(IpFamily family, long priority, String table) {
        return new RoutingRule(family, priority, false, null, null, 0, 0, null, null, "", table, "lookup", -1);
    }

    /** Returns whether the rule fits every packet and leads to a table that every node has. */
    boolean isOrdinary() {
        return !negated
                && other.isEmpty()
                && from == null
                && to == null
                && mask == 0
                && input == null
                && output == null
                && (table.equals("local") || table.equals("main") || table.equals("default"));
    }

    boolean fits(Ip source, Ip destination, long packetMark, @Nullable String inputInterface) {
        boolean fits = (from == null || from.contains(source))
                && (to == null || to.contains(destination))
                && (packetMark & mask) == mark
                && (input == null || input.equals(inputInterface))
                && output == null;
        return fits != negated;
    }

    String text() {
        return "rule " + priority + ":"
                + (negated ? " not" : "")
                + (from == null ? "" : " from " + from)
                + (to == null ? "" : " to " + to)
                + (mask == 0
                        ? ""
                        : " fwmark 0x" + Long.toHexString(mark)
                                + (mask == 0xffffffffL ? "" : "/0x" + Long.toHexString(mask)))
                + (input == null ? "" : " iif " + input)
                + other
                + (table.isEmpty() ? " " + action : " lookup " + table);
    }
}

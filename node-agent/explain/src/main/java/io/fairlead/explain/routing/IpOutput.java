package io.fairlead.explain.routing;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.explain.read.ReadException;
import io.fairlead.explain.read.WrongJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the output of {@code ip -j addr}, {@code ip -j route} and {@code ip -j rule} (iproute2 6.1). */
public final class IpOutput {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long ALL = 0xffffffffL;
    private static final List<String> OTHER_CONDITIONS =
            List.of("ipproto", "sport", "dport", "sport_start", "dport_start", "uid_start", "tun_id", "tos");

    private IpOutput() {}

    /** The kinds of objects that an output of {@code ip -j} shows. */
    public enum Kind {
        ADDRESSES,
        ROUTES,
        RULES,
        /** Other objects, such as links or neighbours. */
        OTHER
    }

    /** Returns the kind of the objects in an array. */
    public static Kind kind(JsonNode array) {
        for (JsonNode each : array) {
            if (each.has("addr_info")) {
                return Kind.ADDRESSES;
            }
            if (each.has("priority") && each.has("src")) {
                return Kind.RULES;
            }
            if (each.has("dst")
                    && (each.has("dev") || each.has("nexthops") || each.has("type") || each.has("gateway"))) {
                return Kind.ROUTES;
            }
        }
        return Kind.OTHER;
    }

    /**
     * Reads one output. Returns {@link Routing#UNKNOWN} if it contains no addresses, routes or routing rules.
     *
     * @throws ReadException if the text is not JSON, or contains a malformed address
     */
    public static Routing read(String text) {
        JsonNode array;
        try {
            array = JSON.readTree(text);
        } catch (JacksonException e) {
            throw WrongJson.of(e);
        }
        return read(array);
    }

    /** Reads one output whose JSON was parsed, like {@link #read(String)}. */
    public static Routing read(JsonNode array) {
        try {
            return switch (kind(array)) {
                case ADDRESSES -> new Routing(addresses(array), List.of(), List.of());
                case ROUTES -> new Routing(Map.of(), routes(array), List.of());
                case RULES -> new Routing(Map.of(), List.of(), rules(array));
                case OTHER -> Routing.UNKNOWN;
            };
        } catch (IllegalArgumentException e) {
            throw new ReadException(1, 1, String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, List<Ip>> addresses(JsonNode array) {
        Map<String, List<Ip>> addresses = new LinkedHashMap<>();
        for (JsonNode link : array) {
            List<Ip> ofLink = new ArrayList<>();
            for (JsonNode address : link.path("addr_info")) {
                String local = address.path("local").asString("");
                if (!local.isEmpty()) {
                    ofLink.add(Ip.parse(local));
                }
            }
            addresses.put(link.path("ifname").asString(""), ofLink);
        }
        return addresses;
    }

    private static List<NodeRoute> routes(JsonNode array) {
        List<NodeRoute> routes = new ArrayList<>();
        for (JsonNode route : array) {
            // "ip route show table all" lists both families together. Only routes of IPv6 have the field "pref".
            IpFamily family = route.has("pref") ? IpFamily.IPV6 : family(List.of(route));
            String to = route.path("dst").asString("");
            Cidr prefix = to.equals("default")
                    ? new Cidr(Ip.of(new byte[family.bits() / 8]), 0)
                    : to.indexOf('/') < 0 ? Cidr.ofHost(Ip.parse(to)) : Cidr.parse(to);
            JsonNode hop = route.has("nexthops") ? route.path("nexthops").path(0) : route;
            String device = hop.path("dev").asString("");
            routes.add(new NodeRoute(
                    route.path("table").asString("main"),
                    prefix,
                    route.path("type").asString("unicast"),
                    device.isEmpty() ? null : device,
                    hop.path("gateway").asString(hop.path("via").path("host").asString("")),
                    route.path("metric").asLong(0)));
        }
        return routes;
    }

    /**
     * Returns the family of the entries. "default" is the same word in both families, so the other addresses decide:
     * IPv6 if one of them has a colon, otherwise IPv4.
     */
    private static IpFamily family(Iterable<JsonNode> entries) {
        for (JsonNode each : entries) {
            for (String key : List.of("dst", "gateway", "prefsrc", "src")) {
                if (each.path(key).asString("").indexOf(':') >= 0) {
                    return IpFamily.IPV6;
                }
            }
        }
        return IpFamily.IPV4;
    }

    private static List<RoutingRule> rules(JsonNode array) {
        // Only IPv4 has a routing rule for the table "default" (Linux 6.1).
        boolean hasDefault = false;
        for (JsonNode each : array) {
            hasDefault |= each.path("table").asString("").equals("default");
        }
        IpFamily family = hasDefault && family(array) == IpFamily.IPV4 ? IpFamily.IPV4 : IpFamily.IPV6;
        List<RoutingRule> rules = new ArrayList<>();
        for (JsonNode rule : array) {
            String table = rule.path("table").asString("");
            rules.add(new RoutingRule(
                    family,
                    rule.path("priority").asLong(0),
                    rule.has("not"),
                    prefix(rule, "src", "srclen"),
                    prefix(rule, "dst", "dstlen"),
                    number(rule, "fwmark", 0),
                    rule.has("fwmark") ? number(rule, "fwmask", ALL) : 0,
                    text(rule, "iif"),
                    text(rule, "oif"),
                    other(rule),
                    table,
                    rule.path("action").asString("lookup"),
                    rule.path("suppress_prefixlen").asInt(-1)));
        }
        return rules;
    }

    private static String other(JsonNode rule) {
        StringBuilder other = new StringBuilder();
        for (String key : OTHER_CONDITIONS) {
            if (rule.has(key)) {
                other.append(' ').append(key).append(' ').append(rule.path(key).asString(""));
            }
        }
        return other.toString();
    }

    private static @Nullable Cidr prefix(JsonNode rule, String address, String length) {
        String text = rule.path(address).asString("all");
        if (text.equals("all")) {
            return null;
        }
        Ip ip = Ip.parse(text);
        return new Cidr(ip, rule.path(length).asInt(ip.family().bits()));
    }

    private static @Nullable String text(JsonNode rule, String key) {
        return rule.has(key) ? rule.path(key).asString("") : null;
    }

    private static long number(JsonNode rule, String key, long otherwise) {
        String text = rule.path(key).asString("");
        if (text.isEmpty()) {
            return otherwise;
        }
        return text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
    }
}

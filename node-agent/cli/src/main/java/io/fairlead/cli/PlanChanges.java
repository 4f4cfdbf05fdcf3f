package io.fairlead.cli;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ServicePlan;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.plan.Split;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Describes the differences between two plans in sentences about Services, not about rules. */
final class PlanChanges {

    private PlanChanges() {}

    /** Returns the sentences for each Service that differs. */
    static SortedMap<ServiceName, List<String>> between(Plan before, Plan after) {
        SortedMap<ServiceName, List<String>> changes = new TreeMap<>();
        TreeSet<ServiceName> names = new TreeSet<>(before.services().keySet());
        names.addAll(after.services().keySet());
        for (ServiceName name : names) {
            List<String> lines =
                    between(before.services().get(name), after.services().get(name));
            if (!lines.isEmpty()) {
                changes.put(name, lines);
            }
        }
        return changes;
    }

    private static List<String> between(@Nullable ServicePlan before, @Nullable ServicePlan after) {
        if (Objects.equals(before, after)) {
            return List.of();
        }
        if (before == null || after == null) {
            String reason = after == null || after.noRules() == null
                    ? ""
                    : "; no rules, because " + after.noRules().reason();
            return List.of((before == null ? "the Service is new" : "the Service is gone") + reason);
        }
        List<String> lines = new ArrayList<>();
        if (after.noRules() != null && before.noRules() != after.noRules()) {
            lines.add("it has no rules any more, because " + after.noRules().reason());
        } else if (before.noRules() != null && after.noRules() == null) {
            lines.add("it now has rules");
        }
        after.refused().stream()
                .filter(address -> !before.refused().contains(address))
                .forEach(address -> lines.add(address.text()));
        after.ignored().stream()
                .filter(annotation -> !before.ignored().contains(annotation))
                .forEach(annotation -> lines.add(annotation.text()));
        Map<String, PortPlan> ports = byLabel(before);
        byLabel(after).forEach((label, port) -> {
            PortPlan old = ports.remove(label);
            if (old == null) {
                lines.add(label + ": the port is new");
            } else {
                between(old, port).forEach(line -> lines.add(label + ": " + line));
            }
        });
        ports.keySet().forEach(label -> lines.add(label + ": the port is gone"));
        return lines;
    }

    private static Map<String, PortPlan> byLabel(ServicePlan service) {
        Map<String, PortPlan> ports = new LinkedHashMap<>();
        for (PortPlan port : service.ports()) {
            ports.put(label(port.name(), port.family()), port);
        }
        return ports;
    }

    /** Returns the name, protocol and IP family of a Service port: "http/tcp IPv4". */
    static String label(ServicePortName name, IpFamily family) {
        return (name.port().isEmpty() ? "" : name.port() + "/") + name.protocol() + " " + family;
    }

    private static List<String> between(PortPlan before, PortPlan after) {
        List<String> lines = new ArrayList<>();
        replaced("", texts(before, Frontend::text), texts(after, Frontend::text), lines);
        replaced("endpoint ", endpoints(before), endpoints(after), lines);
        changed("internal traffic policy", before.internal(), after.internal(), lines);
        changed("external traffic policy", before.external(), after.external(), lines);
        changed("session affinity", before.affinity(), after.affinity(), lines);
        changed(
                "source ranges",
                before.allowedSources().text(),
                after.allowedSources().text(),
                lines);
        changed("split", shares(before), shares(after), lines);
        if (before.anyEndpoints() && !after.anyEndpoints()) {
            lines.add("no endpoints any more; connections are rejected");
        }
        return lines;
    }

    /** Returns the weights of the backends that have endpoints: "web-v1=90, web-v2=10". */
    private static String shares(PortPlan port) {
        List<Split.Share> shares = port.split().cluster().isEmpty()
                ? port.split().local()
                : port.split().cluster();
        return shares.isEmpty()
                ? "none"
                : shares.stream()
                        .map(share -> share.backend() + "=" + share.weight())
                        .collect(Collectors.joining(", "));
    }

    private static SortedSet<String> texts(PortPlan port, Function<Frontend, String> text) {
        TreeSet<String> texts = new TreeSet<>();
        port.frontends().forEach(frontend -> texts.add(text.apply(frontend)));
        return texts;
    }

    private static SortedSet<String> endpoints(PortPlan port) {
        TreeSet<String> texts = new TreeSet<>();
        Stream.concat(port.clusterEndpoints().stream(), port.localEndpoints().stream())
                .forEach(endpoint -> texts.add(endpoint.text()));
        return texts;
    }

    /**
     * Adds one line for each text that is missing from {@code after} or new in it. If exactly one text is missing and
     * exactly one is new, adds a single line.
     */
    static void replaced(String what, SortedSet<String> before, SortedSet<String> after, List<String> lines) {
        TreeSet<String> gone = new TreeSet<>(before);
        gone.removeAll(after);
        TreeSet<String> fresh = new TreeSet<>(after);
        fresh.removeAll(before);
        if (gone.size() == 1 && fresh.size() == 1) {
            lines.add(what + gone.first() + " replaced by " + fresh.first());
            return;
        }
        gone.forEach(text -> lines.add(what + text + " is gone"));
        fresh.forEach(text -> lines.add(what + text + " is new"));
    }

    private static void changed(String what, Object before, Object after, List<String> lines) {
        if (!before.equals(after)) {
            lines.add(what + " was " + shown(before) + ", is " + shown(after));
        }
    }

    private static String shown(Object value) {
        return switch (value) {
            case Enum<?> constant ->
                constant.name().charAt(0) + constant.name().substring(1).toLowerCase(Locale.ROOT);
            case Affinity.None _ -> "none";
            case Affinity.ClientIp(int seconds) -> "ClientIP for " + seconds + " s";
            case List<?> list -> list.isEmpty() ? "empty" : list.toString();
            default -> value.toString();
        };
    }
}

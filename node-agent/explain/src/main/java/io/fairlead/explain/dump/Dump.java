package io.fairlead.explain.dump;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.explain.model.NodeRules;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.explain.read.Origin;
import io.fairlead.explain.read.nft.ListedTables;
import io.fairlead.explain.routing.Routing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known of a node: its rules, addresses, routes and connections.
 *
 * @param saves the outputs of iptables-save and ip6tables-save
 * @param listings the outputs of nft
 * @param connections the connections in the kernel's conntrack table
 * @param remembered the client addresses in each list of iptables' match "recent", by the name of the list
 */
public record Dump(
        List<Save> saves,
        List<Listing> listings,
        Routing routing,
        List<Connection> connections,
        SortedMap<String, List<Ip>> remembered) {

    private static final Pattern PRIORITY = Pattern.compile("priority ([a-z]+)(?: ([-+]) (\\d+))?;");

    /** A dump without any content. */
    public static final Dump EMPTY = new Dump(List.of(), List.of(), Routing.UNKNOWN, List.of(), new TreeMap<>());

    /** The variants of iptables, by the kernel interface that they use. */
    public enum Variant {
        NFT,
        LEGACY
    }

    /**
     * An output of iptables-save.
     *
     * @param text all lines, including tables that the proxy does not use
     * @param tables the tables in the text. The text is parsed once, because it may be large
     */
    public record Save(IpFamily family, Variant variant, String text, Origin origin, List<RuleTable> tables) {
        /** Copies the list. */
        public Save {
            tables = List.copyOf(tables);
        }

        /** Returns whether the output contains the chain KUBE-SERVICES, which kube-proxy and Fairlead create. */
        public boolean hasProxy() {
            return text.contains(":KUBE-SERVICES ");
        }
    }

    /**
     * An output of nft with one table or several tables.
     *
     * @param tables the tables in the text
     */
    public record Listing(String text, Origin origin, List<RuleTable> tables) {
        /** Copies the list. */
        public Listing {
            tables = List.copyOf(tables);
        }
    }

    /** Makes immutable copies of the lists. */
    public Dump {
        saves = List.copyOf(saves);
        listings = List.copyOf(listings);
        connections = List.copyOf(connections);
        remembered = Collections.unmodifiableSortedMap(new TreeMap<>(remembered));
    }

    /**
     * Reads the text of a file. The file may contain several outputs of the known tools, one after the other.
     *
     * @throws DumpException if a line belongs to no output of a known tool
     */
    public static Dump read(String file, String text) {
        return new DumpReader(file, text).read();
    }

    /** Returns a dump with the content of this dump and of another. */
    public Dump and(Dump other) {
        SortedMap<String, List<Ip>> clients = new TreeMap<>(remembered);
        other.remembered.forEach((list, more) -> clients.merge(list, more, Dump::joined));
        return new Dump(
                joined(saves, other.saves),
                joined(listings, other.listings),
                routing.and(other.routing),
                joined(connections, other.connections),
                clients);
    }

    /** Returns a copy of this dump with these connections instead of its own. */
    public Dump with(List<Connection> known) {
        return new Dump(saves, listings, routing, known, remembered);
    }

    private static <T> List<T> joined(List<T> one, List<T> two) {
        return Stream.concat(one.stream(), two.stream()).toList();
    }

    /** Returns the tables of all programs. They are in the order of their creation, if the order is known. */
    public NodeRules rules() {
        return new Tables(this).rules();
    }

    /**
     * Returns the variant of iptables in which the proxy has chains. If it has chains in both variants or in none,
     * returns the variant whose outputs are longer.
     */
    public Variant variant() {
        List<Variant> withProxy = saves.stream()
                .filter(Save::hasProxy)
                .map(Save::variant)
                .distinct()
                .toList();
        if (withProxy.size() == 1) {
            return withProxy.getFirst();
        }
        return length(Variant.LEGACY) > length(Variant.NFT) ? Variant.LEGACY : Variant.NFT;
    }

    private int length(Variant variant) {
        return saves.stream()
                .filter(save -> save.variant() == variant)
                .mapToInt(save -> save.text().length())
                .sum();
    }

    /**
     * Returns the output of iptables-save for a family, from the variant that {@link #variant} returns; empty if there
     * is no such output.
     */
    public Optional<String> save(IpFamily family) {
        Variant used = variant();
        String text = saves.stream()
                .filter(save -> save.family() == family && save.variant() == used)
                .map(Save::text)
                .collect(Collectors.joining("\n"));
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /**
     * Returns nft's listing of the table kube-proxy, without handles and with priorities as numbers; empty if there is
     * no such table.
     */
    public Optional<String> proxyTable(IpFamily family) {
        String head = "table " + (family == IpFamily.IPV4 ? "ip" : "ip6") + " kube-proxy {";
        for (Listing listing : listings) {
            List<String> lines = new ArrayList<>();
            boolean inside = false;
            for (String line : (Iterable<String>) listing.text().lines()::iterator) {
                inside |= line.startsWith(head);
                if (inside) {
                    lines.add(line.startsWith(head) ? head : numbered(withoutHandle(line)));
                }
                if (inside && line.startsWith("}")) {
                    return Optional.of(String.join("\n", lines) + "\n");
                }
            }
        }
        return Optional.empty();
    }

    /** Returns a line in which a named priority is replaced by its number, as "nft -y" shows it. */
    private static String numbered(String line) {
        if (!line.contains("priority ")) {
            return line; // almost all lines, which a regular expression would read several times
        }
        Matcher named = PRIORITY.matcher(line);
        if (!named.find()) {
            return line;
        }
        int offset = named.group(3) == null ? 0 : Integer.parseInt(named.group(2) + named.group(3));
        int base = Objects.requireNonNullElse(ListedTables.priority(named.group(1)), 0);
        return named.replaceFirst("priority " + (base + offset) + ";");
    }

    /** Returns a line without the handle that "nft -a" appends. */
    private static String withoutHandle(String line) {
        int handle = line.lastIndexOf(" # handle ");
        return handle < 0 ? line : line.substring(0, handle);
    }
}

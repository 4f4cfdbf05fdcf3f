package io.fairlead.explain.dump;

import io.fairlead.core.net.IpFamily;
import io.fairlead.explain.model.NodeRules;
import io.fairlead.explain.read.Origin;
import io.fairlead.explain.routing.Routing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known of a node.
 *
 * @param saves outputs of iptables-save and ip6tables-save
 * @param listings outputs of nft
 * @param connections the connections of the kernel
 */
public record Dump(List<Save> saves, List<Listing> listings, Routing routing, List<Connection> connections) {

    /** Nothing is known. */
    public static final Dump EMPTY = new Dump(List.of(), List.of(), Routing.UNKNOWN, List.of());

    /** The variants of iptables. */
    public enum Variant {
        NFT,
        LEGACY
    }

    /**
     * An output of iptables-save.
     *
     * @param text with all its lines, also the ones of other tables
     */
    public record Save(IpFamily family, Variant variant, String text, Origin origin) {
        /** Returns whether it holds chains of a proxy. */
        public boolean hasProxy() {
            return text.contains(":KUBE-SERVICES ");
        }
    }

    /** An output of nft, one table or many. */
    public record Listing(String text, Origin origin) {}

    /** Copies the lists. */
    public Dump {
        saves = List.copyOf(saves);
        listings = List.copyOf(listings);
        connections = List.copyOf(connections);
    }

    /**
     * Reads the text of a file, in which any of the known outputs may follow each other.
     *
     * @throws DumpException if a line is of no known output
     */
    public static Dump read(String file, String text) {
        return new DumpReader(file, text).read();
    }

    /** Returns this and another part. */
    public Dump and(Dump other) {
        return new Dump(
                joined(saves, other.saves),
                joined(listings, other.listings),
                routing.and(other.routing),
                joined(connections, other.connections));
    }

    private static <T> List<T> joined(List<T> one, List<T> two) {
        return Stream.concat(one.stream(), two.stream()).toList();
    }

    /** Returns the tables of all programs, in the order of their creation as far as it is known. */
    public NodeRules rules() {
        return new Tables(this).rules();
    }

    /** Returns the variant of iptables that the proxy uses; the one with more rules if it uses none. */
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

    /** Returns the output of iptables-save with the proxy's rules; empty if there is none of this family. */
    public Optional<String> save(IpFamily family) {
        Variant used = variant();
        String text = saves.stream()
                .filter(save -> save.family() == family && save.variant() == used)
                .map(Save::text)
                .collect(Collectors.joining("\n"));
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** Returns the listing of the proxy's table of nftables; empty if there is none. */
    public Optional<String> proxyTable(IpFamily family) {
        String head = "table " + (family == IpFamily.IPV4 ? "ip" : "ip6") + " kube-proxy {";
        for (Listing listing : listings) {
            List<String> lines = new ArrayList<>();
            boolean inside = false;
            for (String line : (Iterable<String>) listing.text().lines()::iterator) {
                inside |= line.startsWith(head);
                if (inside) {
                    lines.add(line.startsWith(head) ? head : withoutHandle(line));
                }
                if (inside && line.startsWith("}")) {
                    return Optional.of(String.join("\n", lines) + "\n");
                }
            }
        }
        return Optional.empty();
    }

    /** Returns a line without the handle that "nft -a" appends. */
    private static String withoutHandle(String line) {
        int handle = line.lastIndexOf(" # handle ");
        return handle < 0 ? line : line.substring(0, handle);
    }
}

package io.fairlead.nft.rule;

import io.fairlead.core.net.IpFamily;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Fairlead's table in one address family.
 *
 * @param others the objects of types that Fairlead never creates (counters, flowtables ...), sorted
 */
public record Table(
        IpFamily family,
        Comment comment,
        SortedMap<SetName, NamedSet> sets,
        SortedMap<ChainName, Chain> chains,
        List<OtherObject> others) {

    /**
     * The name of kube-proxy's table. Fairlead's table has the same name, so each program can take over from the other.
     */
    public static final String NAME = "kube-proxy";

    /**
     * An object that can only be deleted.
     *
     * @param kind the type in the syntax of nft: "counter", "ct helper"
     * @param name the name as nft prints it
     */
    public record OtherObject(String kind, SetName name) implements Comparable<OtherObject> {
        private static final Comparator<OtherObject> ORDER =
                Comparator.comparing(OtherObject::kind).thenComparing(OtherObject::name);

        @Override
        public int compareTo(OtherObject other) {
            return ORDER.compare(this, other);
        }
    }

    /** Copies the collections. */
    public Table {
        sets = Collections.unmodifiableSortedMap(sets instanceof Index ? sets : new TreeMap<>(sets));
        chains = Collections.unmodifiableSortedMap(chains instanceof Index ? chains : new TreeMap<>(chains));
        others = others.isEmpty() ? List.of() : others.stream().sorted().toList();
    }

    /** A map that belongs to the table alone, so that it need not be copied. */
    @SuppressWarnings("serial") // never stored
    private static final class Index<K extends Comparable<K>, V> extends TreeMap<K, V> {}

    /**
     * Returns a table of objects, which may be in any order.
     *
     * @throws IllegalStateException if two sets or two chains have the same name
     */
    public static Table of(
            IpFamily family,
            Comment comment,
            Collection<NamedSet> sets,
            Collection<Chain> chains,
            Collection<OtherObject> others) {
        return new Table(family, comment, index(sets, NamedSet::name), index(chains, Chain::name), List.copyOf(others));
    }

    private static <K extends Comparable<K>, V> SortedMap<K, V> index(Collection<V> values, Function<V, K> key) {
        SortedMap<K, V> byKey = new Index<>();
        for (V value : values) {
            if (byKey.put(key.apply(value), value) != null) {
                throw new IllegalStateException("duplicate name: " + key.apply(value));
            }
        }
        return byKey;
    }
}

package io.fairlead.agent.compare;

import io.fairlead.core.net.IpFamily;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One look at the kernel.
 *
 * @param at when
 * @param rules whose rules there are, for people: "kube-proxy's", "Fairlead's"
 * @param same frontends that lead where they should, by family
 * @param differences all others, sorted
 * @param services how many Services have frontends
 * @param lines how many lines Fairlead would write, by family, kind of place and direction
 */
public record Comparison(
        Instant at,
        String rules,
        Map<IpFamily, Integer> same,
        List<Difference> differences,
        int services,
        SortedMap<Lines, Integer> lines) {

    /** What is wrong with a frontend. */
    public enum Kind {
        /** No rule catches it. */
        MISSING,
        /** There is a rule, and no Service. */
        EXTRA,
        /** It leads to other endpoints, or is refused otherwise. */
        DIFFERENT;

        /** Lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One frontend that is not as it should be.
     *
     * @param service "namespace/name"; "" of a frontend that no Service has
     * @param text what should be and what is
     */
    public record Difference(Kind kind, IpFamily family, String service, String text) {}

    /**
     * Which lines.
     *
     * @param place table of iptables, or kind of object of nftables
     * @param added true for lines that would come, false for those that would go
     */
    public record Lines(IpFamily family, String place, boolean added) implements Comparable<Lines> {
        @Override
        public int compareTo(Lines other) {
            int byFamily = family.compareTo(other.family);
            int byPlace = byFamily != 0 ? byFamily : place.compareTo(other.place);
            return byPlace != 0 ? byPlace : Boolean.compare(added, other.added);
        }
    }

    /** Copies the collections. */
    public Comparison {
        same = Collections.unmodifiableMap(same.isEmpty() ? new EnumMap<>(IpFamily.class) : new EnumMap<>(same));
        differences = List.copyOf(differences);
        lines = Collections.unmodifiableSortedMap(new TreeMap<>(lines));
    }

    /** How many frontends of a family differ in this way. */
    public long count(IpFamily family, Kind kind) {
        return differences.stream()
                .filter(difference -> difference.family() == family && difference.kind() == kind)
                .count();
    }

    /** Services with a frontend that is not as it should be. */
    public SortedSet<String> servicesThatDiffer() {
        return differences.stream()
                .map(Difference::service)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Lines that Fairlead would write or take away. */
    public int lineCount() {
        return lines.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** One line for a log. */
    public String summary() {
        int right = same.values().stream().mapToInt(Integer::intValue).sum();
        return "the kernel has " + rules + " rules: " + right + " frontends as they should be" + countsByKind() + "; "
                + (services - servicesThatDiffer().size()) + " of " + services
                + " Services alike; Fairlead would change "
                + lineCount() + " lines";
    }

    private String countsByKind() {
        StringBuilder text = new StringBuilder();
        for (Kind kind : Kind.values()) {
            long count = differences.stream()
                    .filter(difference -> difference.kind() == kind)
                    .count();
            text.append(", ").append(count).append(' ').append(kind.text());
        }
        return text.toString();
    }
}

package io.fairlead.core.plan;

/** Where a rule, chain or element comes from: the way back from what the kernel has to what the cluster says. */
public sealed interface Origin extends Comparable<Origin> {

    /** Needed on every node, whatever Services there are. */
    record Node() implements Origin {
        @Override
        public String text() {
            return "node";
        }
    }

    /** One port of one Service. */
    record Port(ServicePortName name) implements Origin {
        @Override
        public String text() {
            return name.text();
        }
    }

    /** Read from the kernel, ours by its name, but of no Service that is known (any more). */
    record Unknown(String label) implements Origin {
        @Override
        public String text() {
            return label;
        }
    }

    /** For people: "ns/name:port", or "node". */
    String text();

    /** Node first, then Services by name, then the unknown. */
    @Override
    default int compareTo(Origin other) {
        if (this instanceof Port(ServicePortName mine) && other instanceof Port(ServicePortName theirs)) {
            return mine.compareTo(theirs);
        }
        int byKind = Integer.compare(rank(this), rank(other));
        return byKind != 0 ? byKind : text().compareTo(other.text());
    }

    private static int rank(Origin origin) {
        return switch (origin) {
            case Node _ -> 0;
            case Port _ -> 1;
            case Unknown _ -> 2;
        };
    }
}

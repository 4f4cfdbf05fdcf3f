package io.fairlead.core.plan;

/**
 * The reason why a rule, chain or element exists. Through its origin, a rule in the kernel leads back to a Service or
 * to the node.
 */
public sealed interface Origin extends Comparable<Origin> {

    /** The rule is needed on every node, independent of Services. */
    record Node() implements Origin {
        @Override
        public String text() {
            return "node";
        }
    }

    /** The rule belongs to one port of one Service. */
    record Port(ServicePortName name) implements Origin {
        @Override
        public String text() {
            return name.text();
        }
    }

    /**
     * The rule has a name that Fairlead or kube-proxy uses, but belongs to no known Service, for example because the
     * Service was deleted. Only rules that were read from the kernel have this origin.
     */
    record Unknown(String label) implements Origin {
        @Override
        public String text() {
            return label;
        }
    }

    /** Returns the text for people: "ns/name:port", "node", or the label of an unknown origin. */
    String text();

    /** Orders the origin of the node first, then Service ports by name, then unknown origins. */
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

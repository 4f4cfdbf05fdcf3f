package io.fairlead.nft.rule;

/** The name of a set or a map, which share one name space. nft reads every such name as one word. */
public record SetName(String text) implements Comparable<SetName> {

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if nft would not read it as one identifier
     */
    public SetName {
        Identifier.check(text);
    }

    @Override
    public int compareTo(SetName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}

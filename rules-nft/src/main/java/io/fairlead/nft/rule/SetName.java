package io.fairlead.nft.rule;

/** The name of a set or a map. Sets and maps share one name space. nft parses every such name as one word. */
public record SetName(String text) implements Comparable<SetName> {

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if nft would not parse the name as one identifier
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

package io.fairlead.nft.rule;

/** The name of an nftables chain. nft parses every such name as one word. */
public record ChainName(String text) implements Comparable<ChainName> {

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if nft would not parse the name as one identifier
     */
    public ChainName {
        Identifier.check(text);
    }

    /** Returns whether nft would parse a name as one identifier. The kernel accepts other names too, by netlink. */
    public static boolean isAccepted(String text) {
        return Identifier.isOne(text);
    }

    @Override
    public int compareTo(ChainName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}

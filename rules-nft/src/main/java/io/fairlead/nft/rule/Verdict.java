package io.fairlead.nft.rule;

/** Decides where a packet goes next. */
public sealed interface Verdict extends ElementData {

    /** Continues in another chain, and returns after that chain ends. */
    record Jump(ChainName chain) implements Verdict {}

    /** Continues in another chain. After that chain ends, the packet returns to the chain that jumped into this one. */
    record Goto(ChainName chain) implements Verdict {}

    /** Returns to the chain that jumped into this one. */
    record Return() implements Verdict {}

    /** Ends this base chain; base chains of later hooks still see the packet. */
    record Accept() implements Verdict {}

    /** Drops the packet. */
    record Drop() implements Verdict {}
}

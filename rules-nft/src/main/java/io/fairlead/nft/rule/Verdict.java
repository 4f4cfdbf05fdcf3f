package io.fairlead.nft.rule;

/** Decides about the further path of a packet. */
public sealed interface Verdict extends ElementData {

    /** Continues in another chain. After that chain ends, the packet returns to this chain. */
    record Jump(ChainName chain) implements Verdict {}

    /** Continues in another chain. After that chain ends, the packet returns to the chain that jumped to this chain. */
    record Goto(ChainName chain) implements Verdict {}

    /** Returns to the chain that jumped to this chain. */
    record Return() implements Verdict {}

    /** Ends the base chain for this packet. Base chains that the kernel calls later still see the packet. */
    record Accept() implements Verdict {}

    /** Drops the packet. */
    record Drop() implements Verdict {}
}

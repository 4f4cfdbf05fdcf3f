package io.fairlead.nft.rule;

/** Where a packet goes next. */
public sealed interface Verdict extends ElementData {

    /** On in another chain, and back when that one ends. */
    record Jump(ChainName chain) implements Verdict {}

    /** On in another chain; when that ends, back to whoever jumped into this one. */
    record Goto(ChainName chain) implements Verdict {}

    /** Back to whoever jumped into this chain. */
    record Return() implements Verdict {}

    /** Through this hook's chain; later hooks see it. */
    record Accept() implements Verdict {}

    /** Gone. */
    record Drop() implements Verdict {}
}

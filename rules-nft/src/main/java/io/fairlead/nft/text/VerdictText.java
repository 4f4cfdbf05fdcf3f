package io.fairlead.nft.text;

import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Verdict;
import java.util.function.Supplier;

/** Writes and parses verdicts, which occur in rules and in maps. */
final class VerdictText {
    private VerdictText() {}

    static String write(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Jump(ChainName chain) -> "jump " + chain;
            case Verdict.Goto(ChainName chain) -> "goto " + chain;
            case Verdict.Return _ -> "return";
            case Verdict.Accept _ -> "accept";
            case Verdict.Drop _ -> "drop";
        };
    }

    /**
     * Parses a verdict.
     *
     * @param word the first word of the verdict
     * @param chain returns the word after {@code word}; called only if the verdict names a chain
     */
    static Verdict parse(String word, Supplier<String> chain) {
        return switch (word) {
            case "jump" -> new Verdict.Jump(new ChainName(chain.get()));
            case "goto" -> new Verdict.Goto(new ChainName(chain.get()));
            case "return" -> new Verdict.Return();
            case "accept" -> new Verdict.Accept();
            case "drop" -> new Verdict.Drop();
            default -> throw new NotOursException(word);
        };
    }
}

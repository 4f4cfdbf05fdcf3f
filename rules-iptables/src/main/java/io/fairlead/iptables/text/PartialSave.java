package io.fairlead.iptables.text;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The output of an iptables-save of one table that stopped at a rule that it cannot show. Both variants (1.8.9) first
 * print the names of all chains. Then they print the rules, chain by chain, until they reach that rule.
 *
 * @param text the complete chains, in the format that {@link SaveReader} reads
 * @param chains the names of all chains
 * @param unread the names of the chains whose rules are unknown or incomplete
 */
public record PartialSave(String text, Set<String> chains, Set<String> unread) {

    /** Copies the sets. */
    public PartialSave {
        chains = new LinkedHashSet<>(chains);
        unread = new LinkedHashSet<>(unread);
    }

    /** Parses the output. Its last line may be incomplete. */
    public static PartialSave of(String output) {
        String whole = output.substring(0, output.lastIndexOf('\n') + 1);
        Set<String> chains = whole.lines()
                .filter(line -> line.startsWith(":"))
                .map(line -> line.substring(1, line.indexOf(' ')))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        String last = whole.lines().filter(line -> line.startsWith("-A ")).reduce("", (_, line) -> chainOf(line));
        Set<String> unread = chains.stream()
                .dropWhile(chain -> !last.isEmpty() && !chain.equals(last))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        String text = whole.lines()
                .filter(line -> line.startsWith("*")
                        || (line.startsWith(":") && !unread.contains(line.substring(1, line.indexOf(' '))))
                        || (line.startsWith("-A ") && !unread.contains(chainOf(line))))
                .map(line -> line + '\n')
                .collect(Collectors.joining());
        return new PartialSave(text, chains, unread);
    }

    private static String chainOf(String line) {
        int end = line.indexOf(' ', 3);
        return line.substring(3, end < 0 ? line.length() : end);
    }
}

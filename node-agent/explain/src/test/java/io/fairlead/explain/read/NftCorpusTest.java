package io.fairlead.explain.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.explain.model.Elements;
import io.fairlead.explain.model.Expression;
import io.fairlead.explain.model.NodeRule;
import io.fairlead.explain.model.Pattern;
import io.fairlead.explain.model.Statement;
import io.fairlead.explain.read.nft.ListedTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Reads the rules with which nft tests itself. Each rule must be read without an error, and be understood or reported
 * as not understood. {@code -Dnft.corpus=FOLDER} names the folder tests/py of nftables' source package, which {@code
 * scripts/nft-corpus} downloads.
 */
final class NftCorpusTest {

    @Test
    void everyRuleIsUnderstoodOrNamed() throws IOException {
        String folder = System.getProperty("nft.corpus", "");
        assumeTrue(!folder.isEmpty(), "no rules of nft to read: -Dnft.corpus is not given");
        List<String> rules = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".t"))
                    .sorted()
                    .toList()) {
                Files.readAllLines(file).forEach(line -> rule(line, rules));
            }
        }
        int understood = 0;
        for (String text : rules) {
            NodeRule rule = ListedTables.rule(text, "");
            understood += rule.statements().stream().allMatch(NftCorpusTest::isUnderstood) ? 1 : 0;
        }
        System.out.printf("nft's own rules: %d read, %d understood, the others named%n", rules.size(), understood);
        assertThat(rules).hasSizeGreaterThan(1000);
        assertThat(understood).isGreaterThan(rules.size() / 4);
    }

    /** Adds the rule of a line "rule;ok" or "rule;ok;rule as listed". */
    private static void rule(String line, List<String> rules) {
        String[] parts = line.split(";", -1);
        boolean isRule = !line.isBlank() && "#:*!?%".indexOf(line.charAt(0)) < 0;
        if (isRule && parts.length > 1 && parts[1].strip().equals("ok")) {
            rules.add(parts.length > 2 && !parts[2].isBlank() ? parts[2].strip() : parts[0].strip());
        }
    }

    private static boolean isUnderstood(Statement statement) {
        return switch (statement) {
            case Statement.UnknownMatch _, Statement.UnknownAction _ -> false;
            case Statement.If(Expression left, var _, Elements right, String _) ->
                !(left instanceof Expression.NotUnderstood)
                        && !(right instanceof Elements.Listed(var elements)
                                && elements.elements().stream()
                                        .flatMap(element -> element.key().stream())
                                        .anyMatch(Pattern.Unread.class::isInstance));
            default -> true;
        };
    }
}

package io.fairlead.nft.text;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.rule.Expression;
import io.fairlead.nft.rule.Expression.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes and parses expressions in the form in which nft lists them. */
final class ExpressionText {
    private ExpressionText() {}

    static String write(Expression expression, IpFamily family) {
        return expression.parts().stream()
                .map(part -> switch (part) {
                    case Field field -> field(field, FamilyText.of(family));
                    case Expression.Random(int modulus) -> "numgen random mod " + modulus;
                    case Expression.Concatenation nested ->
                        throw new IllegalArgumentException("concatenation in a concatenation: " + nested);
                })
                .collect(Collectors.joining(" . "));
    }

    private static String field(Field field, String family) {
        return switch (field) {
            case SOURCE_ADDRESS -> family + " saddr";
            case DESTINATION_ADDRESS -> family + " daddr";
            case PROTOCOL -> "meta l4proto";
            case PORT -> "th dport";
            case TCP_PORT -> "tcp dport";
            case UDP_PORT -> "udp dport";
            case SCTP_PORT -> "sctp dport";
            case ORIGINAL_ADDRESS -> "ct original " + family + " daddr";
            case ORIGINAL_PORT -> "ct original proto-dst";
        };
    }

    static Expression parse(Tokens tokens, IpFamily family) {
        List<Expression> parts = new ArrayList<>();
        do {
            parts.add(part(tokens, FamilyText.of(family)));
        } while (tokens.takeIf("."));
        return Expression.of(parts.toArray(Expression[]::new));
    }

    private static Expression part(Tokens tokens, String family) {
        String word = tokens.take();
        if (word.equals(family)) {
            return address(tokens, Field.SOURCE_ADDRESS, Field.DESTINATION_ADDRESS);
        }
        return switch (word) {
            case "meta" -> then(tokens, "l4proto", Field.PROTOCOL);
            case "th" -> then(tokens, "dport", Field.PORT);
            case "tcp" -> then(tokens, "dport", Field.TCP_PORT);
            case "udp" -> then(tokens, "dport", Field.UDP_PORT);
            case "sctp" -> then(tokens, "dport", Field.SCTP_PORT);
            case "ct" -> {
                tokens.expect("original");
                if (tokens.takeIf("proto-dst")) {
                    yield Field.ORIGINAL_PORT;
                }
                tokens.expect(family, "daddr");
                yield Field.ORIGINAL_ADDRESS;
            }
            case "numgen" -> {
                tokens.expect("random", "mod");
                yield new Expression.Random(tokens.takeInt());
            }
            default -> throw new NotOursException(word);
        };
    }

    private static Field address(Tokens tokens, Field source, Field destination) {
        if (tokens.takeIf("saddr")) {
            return source;
        }
        tokens.expect("daddr");
        return destination;
    }

    private static Field then(Tokens tokens, String word, Field field) {
        tokens.expect(word);
        return field;
    }
}

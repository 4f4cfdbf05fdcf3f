package io.fairlead.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BigIntegerNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

/**
 * Converts a YAML scalar to a typed value as version 2 of Go's yaml library does. kube-proxy reads its configuration
 * file with this library. The rules are those of YAML 1.1, without numbers in base 60 and with Go's notations for
 * numbers.
 */
public final class GoScalar {
    private static final String PREFIX = "tag:yaml.org,2002:";
    private static final Set<String> RESOLVED = Set.of("str", "bool", "int", "float", "null", "timestamp");
    private static final Set<String> TRUE =
            Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
    private static final Set<String> FALSE =
            Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
    private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> NOT_FINITE = Set.of(
            ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");
    private static final Pattern TIMESTAMP = Pattern.compile(
            "\\d{4}-\\d{1,2}-\\d{1,2}(?:[Tt ]\\d{1,2}:\\d{1,2}:\\d{1,2}(?:\\.\\d*)?(?:Z|[-+]\\d\\d:\\d\\d)?)?");
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MOST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final BigDecimal WHOLE_TO = BigDecimal.TEN.pow(21);

    private GoScalar() {}

    /**
     * Converts a scalar to a typed JSON value.
     *
     * @param tag the full YAML tag; "" for a plain scalar without a tag
     * @throws IllegalArgumentException if the text has no value of the tag's type. The message contains the reason
     */
    public static JsonNode value(String tag, String text) {
        String name = tag.startsWith(PREFIX) ? tag.substring(PREFIX.length()) : tag;
        if (name.equals("binary")) {
            return StringNode.valueOf(
                    new String(Base64.getDecoder().decode(text.replaceAll("[\\r\\n]", "")), StandardCharsets.UTF_8));
        }
        if (!tag.isEmpty() && !RESOLVED.contains(name)) {
            return StringNode.valueOf(text);
        }
        if (name.equals("str")) {
            return StringNode.valueOf(text);
        }
        Resolved found = resolve(text);
        boolean fits = name.isEmpty()
                || name.equals(found.tag())
                || (name.equals("float") && found.tag().equals("int"));
        if (!fits) {
            throw new IllegalArgumentException("\"" + text + "\" is no !!" + name + " but a !!" + found.tag());
        }
        return found.value();
    }

    /** Returns whether Go's yaml library reads this text, written without quotes, as a string. */
    static boolean isText(String text) {
        try {
            return resolve(text).tag().equals("str");
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private record Resolved(String tag, JsonNode value) {}

    private static Resolved resolve(String text) {
        if (NULL.contains(text)) {
            return new Resolved("null", NullNode.getInstance());
        }
        if (TRUE.contains(text) || FALSE.contains(text)) {
            return new Resolved("bool", BooleanNode.valueOf(TRUE.contains(text)));
        }
        if (NOT_FINITE.contains(text)) {
            throw new IllegalArgumentException("\"" + text + "\" cannot be written as a JSON number");
        }
        char first = text.charAt(0);
        if (first != '.' && first != '-' && first != '+' && (first < '0' || first > '9')) {
            return text(text);
        }
        if (TIMESTAMP.matcher(text).matches()) {
            return new Resolved("timestamp", StringNode.valueOf(text));
        }
        String plain = first == '.' ? text : text.replace("_", "");
        Optional<BigInteger> whole =
                GoNumber.whole(plain).filter(number -> number.compareTo(LEAST) >= 0 && number.compareTo(MOST) <= 0);
        if (whole.isPresent()) {
            return new Resolved("int", BigIntegerNode.valueOf(whole.get()));
        }
        boolean isFloat = FLOAT.matcher(plain).matches() && !Double.isInfinite(Double.parseDouble(plain));
        return isFloat ? new Resolved("float", number(Double.parseDouble(plain))) : text(text);
    }

    private static Resolved text(String text) {
        return new Resolved("str", StringNode.valueOf(text));
    }

    /**
     * Returns the JSON number for a float. A whole float below 10^21 becomes an integer, because Go writes an exponent
     * only for larger numbers.
     */
    private static JsonNode number(double value) {
        BigDecimal number = new BigDecimal(Double.toString(value));
        boolean whole = number.stripTrailingZeros().scale() <= 0 && number.abs().compareTo(WHOLE_TO) < 0;
        return whole ? BigIntegerNode.valueOf(number.toBigInteger()) : DecimalNode.valueOf(number);
    }
}

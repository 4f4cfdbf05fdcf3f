package io.fairlead.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parses and writes numbers in the notations of Go's standard library. */
public final class GoNumber {
    private static final Map<Character, Integer> BASES = Map.of('b', 2, 'o', 8, 'x', 16);
    private static final Pattern ALPHANUMERIC = Pattern.compile("[0-9A-Za-z]+");
    private static final Pattern MISPLACED = Pattern.compile("_(?![0-9])|(?<![0-9]|0[bBoO])_");
    private static final Pattern MISPLACED_IN_HEXADECIMAL = Pattern.compile("_(?![0-9a-fA-F])|(?<![0-9a-fA-F]|0[xX])_");
    private static final Pattern PREFIX_OF_HEXADECIMAL = Pattern.compile("[+-]?0[xX]");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");
    private static final Pattern HEXADECIMAL =
            Pattern.compile("[+-]?0[xX](?:[0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)[pP][+-]?\\d+");

    private static final int LEAST_EXPONENT = -4;
    private static final int MOST_EXPONENT = 5;

    private GoNumber() {}

    /**
     * Parses a signed 32-bit integer whose prefix determines the base: "010" is 8, "0x1f" is 31, "0b11" is 3, "1_000"
     * is 1000.
     */
    public static Optional<Integer> int32(String text) {
        return withoutUnderscores(text)
                .flatMap(GoNumber::whole)
                .filter(number -> number.bitLength() < Integer.SIZE)
                .map(BigInteger::intValueExact);
    }

    /** Parses a 32-bit float: "5", "2.5", "1e2", "0x1p4". Unlike in Go, infinity and NaN are not accepted. */
    public static Optional<Float> float32(String text) {
        return withoutUnderscores(text)
                .filter(plain -> DECIMAL.matcher(plain).matches()
                        || HEXADECIMAL.matcher(plain).matches())
                .map(Float::parseFloat)
                .filter(number -> !Float.isInfinite(number));
    }

    /**
     * Returns a 32-bit float as Go's yaml library writes it: "2.5", "1e+21". A whole number that fits into 64 bits is
     * written without an exponent.
     */
    static String text(float number) {
        BigDecimal shortest = new BigDecimal(Float.toString(number)).stripTrailingZeros();
        boolean whole = shortest.scale() <= 0 && shortest.toBigInteger().bitLength() <= Long.SIZE;
        return whole ? shortest.toBigInteger().toString() : text(shortest);
    }

    /**
     * Returns a 64-bit float as Go's format "g" writes it, with the smallest number of digits that identify the float:
     * "1", "0.005", "1e+06".
     */
    public static String text(double number) {
        return text(new BigDecimal(Double.toString(number)).stripTrailingZeros());
    }

    private static String text(BigDecimal shortest) {
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (shortest.signum() == 0 || (exponent >= LEAST_EXPONENT && exponent <= MOST_EXPONENT)) {
            return shortest.signum() == 0 ? "0" : shortest.toPlainString();
        }
        String mantissa = shortest.scaleByPowerOfTen(-exponent).toPlainString();
        return mantissa + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    /**
     * Parses an integer of any size without underscores. The number is binary after the prefix 0b, octal after 0o or 0,
     * hexadecimal after 0x, and otherwise decimal.
     */
    static Optional<BigInteger> whole(String text) {
        String digits = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        if (!ALPHANUMERIC.matcher(digits).matches()) {
            return Optional.empty();
        }
        int base = 10;
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            Integer named = BASES.get(digits.toLowerCase(Locale.ROOT).charAt(1));
            base = named == null ? 8 : named;
            digits = digits.substring(named == null ? 1 : 2);
        }
        try {
            BigInteger number = new BigInteger(digits, base);
            return Optional.of(text.startsWith("-") ? number.negate() : number);
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /**
     * Removes underscores. Returns empty if an underscore is neither between two digits nor after the prefix of a base.
     */
    private static Optional<String> withoutUnderscores(String text) {
        Pattern misplaced = PREFIX_OF_HEXADECIMAL.matcher(text).lookingAt() ? MISPLACED_IN_HEXADECIMAL : MISPLACED;
        return misplaced.matcher(text).find() ? Optional.empty() : Optional.of(text.replace("_", ""));
    }
}

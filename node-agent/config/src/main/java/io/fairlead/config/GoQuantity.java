package io.fairlead.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes in the notation of Kubernetes quantities: 512, 64Ki, 1.5M, 1e3.
 *
 * @param amount the number of bytes
 * @param unit the notation of the text from which the quantity was parsed; {@link #text} uses the same notation
 */
public record GoQuantity(BigDecimal amount, Unit unit) {
    static final GoQuantity ZERO = new GoQuantity(BigDecimal.ZERO, Unit.DECIMAL);

    private static final Pattern WHOLE =
            Pattern.compile("([+-]?)(\\d+\\.?\\d*|\\.\\d+)(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?\\d{1,3}))?");
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final int ONE = DECIMAL.indexOf("");
    private static final int PLACES = 9;
    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

    /** The notations for multiples: binary (Ki), decimal (k) and exponent (e3). */
    public enum Unit {
        BINARY,
        DECIMAL,
        EXPONENT
    }

    /** Parses a quantity. Returns empty if the text is not a quantity. */
    public static Optional<GoQuantity> parse(String text) {
        Matcher matcher = WHOLE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(matcher.group(2).endsWith(".") ? matcher.group(2) + "0" : matcher.group(2));
        BigDecimal signed = matcher.group(1).equals("-") ? number.negate() : number;
        if (matcher.group(3) != null) {
            return Optional.of(of(signed.multiply(KIBI.pow(BINARY.indexOf(matcher.group(3)))), Unit.BINARY));
        }
        if (matcher.group(5) != null) {
            return Optional.of(of(signed.scaleByPowerOfTen(Integer.parseInt(matcher.group(5))), Unit.EXPONENT));
        }
        String suffix = matcher.group(4) == null ? "" : matcher.group(4);
        return Optional.of(of(signed.scaleByPowerOfTen(3 * (DECIMAL.indexOf(suffix) - ONE)), Unit.DECIMAL));
    }

    /**
     * Creates a quantity. The amount is rounded away from zero to a multiple of 10^-9, the smallest amount in
     * Kubernetes.
     */
    private static GoQuantity of(BigDecimal amount, Unit unit) {
        return new GoQuantity(amount.setScale(Math.min(Math.max(amount.scale(), 0), PLACES), RoundingMode.UP), unit);
    }

    /** Returns whether the amount is zero. */
    boolean isZero() {
        return amount.signum() == 0;
    }

    /** Returns the quantity as Kubernetes writes it, in the largest unit for which the number is whole. */
    public String text() {
        if (isZero()) {
            return "0";
        }
        boolean binary = unit == Unit.BINARY
                && amount.abs().compareTo(KIBI) >= 0
                && amount.stripTrailingZeros().scale() <= 0;
        if (binary) {
            BigInteger whole = amount.toBigIntegerExact();
            int times = Math.min(whole.getLowestSetBit() / 10, BINARY.size() - 1);
            return whole.shiftRight(10 * times) + BINARY.get(times);
        }
        int places = Math.floorDiv(-amount.stripTrailingZeros().scale(), 3);
        int last = unit == Unit.EXPONENT ? places : Math.min(places, DECIMAL.size() - 1 - ONE);
        String number = amount.scaleByPowerOfTen(-3 * last).toBigIntegerExact().toString();
        if (unit == Unit.EXPONENT) {
            return last == 0 ? number : number + "e" + 3 * last;
        }
        return number + DECIMAL.get(last + ONE);
    }
}

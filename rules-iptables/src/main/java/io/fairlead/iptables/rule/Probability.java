package io.fairlead.iptables.rule;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * The fraction of packets that a {@code statistic} match accepts. The kernel (xt_statistic) stores the fraction as a
 * 31-bit number, and compares it with 31 random bits. This class stores the same number. Two texts that round to the
 * same number are equal probabilities.
 *
 * @param threshold the probability times 2^31; 1 to 2^31 - 1
 */
public record Probability(int threshold) {
    private static final double SCALE = 0x80000000L;
    private static final BigDecimal EXACT_SCALE = BigDecimal.valueOf(0x80000000L);
    /** The smallest number that is rounded to 1 / 2^31. */
    private static final BigDecimal SMALLEST = BigDecimal.valueOf(0.5).divide(EXACT_SCALE);

    private static final long TEN_DIGITS = 10_000_000_000L;

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if the number is not positive
     */
    public Probability {
        if (threshold < 1) {
            throw new IllegalArgumentException("probability out of range: " + threshold + "/2^31");
        }
    }

    /**
     * Returns 1/{@code n}, rounded to ten digits as in kube-proxy (IPT-17), and then to 31 bits as in iptables.
     *
     * @throws IllegalArgumentException if {@code n} is less than 2
     */
    public static Probability oneOf(int n) {
        if (n < 2) {
            throw new IllegalArgumentException("no choice among " + n);
        }
        return new Probability((int) Math.round(tenDigits(n) * SCALE / TEN_DIGITS));
    }

    /**
     * Returns {@code part / whole}, rounded to 31 bits as in iptables.
     *
     * @throws IllegalArgumentException if the part is not greater than 0 and less than the whole
     */
    public static Probability of(double part, double whole) {
        if (!(part > 0) || part >= whole) {
            throw new IllegalArgumentException("no probability: " + part + " of " + whole);
        }
        return new Probability(Math.clamp(Math.round(part / whole * SCALE), 1, Integer.MAX_VALUE));
    }

    /**
     * Parses a probability as iptables-save or kube-proxy writes it.
     *
     * @throws IllegalArgumentException if the text is not a number, or if the number is not above 0 and below 1
     * @throws ArithmeticException if the absolute value of the number is greater than 2^32
     */
    public static Probability parse(String text) {
        BigDecimal number = new BigDecimal(text);
        // The multiplication of a number with a large exponent, such as 1e-999999999, would fill the memory.
        boolean inRange = number.compareTo(SMALLEST) >= 0 && number.compareTo(BigDecimal.ONE) < 0;
        long threshold = inRange
                ? number.multiply(EXACT_SCALE).setScale(0, RoundingMode.HALF_UP).longValueExact()
                : 0;
        if (threshold < 1 || threshold >= 0x80000000L) {
            throw new IllegalArgumentException("probability out of range: " + text);
        }
        return new Probability((int) threshold);
    }

    /** Returns the exact fraction, above 0 and below 1. */
    public double share() {
        return threshold / SCALE;
    }

    /** Returns the integer n for which 1/n is closest to this probability. */
    public int parts() {
        return (int) Math.round(SCALE / threshold);
    }

    /**
     * Returns ten digits, as in kube-proxy, if the probability is 1/n for an integer n. Otherwise returns eleven
     * digits, as in iptables-save.
     */
    public String text() {
        int n = parts();
        if (n >= 2 && oneOf(n).threshold == threshold) {
            String digits = Long.toString(tenDigits(n));
            return "0." + "0".repeat(10 - digits.length()) + digits;
        }
        return String.format(Locale.ROOT, "%.11f", share());
    }

    private static long tenDigits(int n) {
        return (TEN_DIGITS + n / 2) / n;
    }
}

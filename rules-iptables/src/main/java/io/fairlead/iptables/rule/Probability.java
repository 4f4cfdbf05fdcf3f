package io.fairlead.iptables.rule;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * The share of packets that a {@code statistic} match accepts. The kernel (xt_statistic) stores a 31-bit number and
 * compares it with 31 random bits, so this value is that number. Texts that round to the same number are the same
 * probability.
 *
 * @param threshold 1 to 2^31 - 1: the probability times 2^31
 */
public record Probability(int threshold) {
    private static final double SCALE = 0x80000000L;
    private static final BigDecimal EXACT_SCALE = BigDecimal.valueOf(0x80000000L);
    private static final long TEN_DIGITS = 10_000_000_000L;

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Probability {
        if (threshold < 1) {
            throw new IllegalArgumentException("probability out of range: " + threshold + "/2^31");
        }
    }

    /**
     * Returns one in {@code n}, rounded to ten digits as kube-proxy writes it (IPT-17), then to 31 bits as iptables
     * does.
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
     * Reads the number that iptables-save or kube-proxy writes.
     *
     * @throws IllegalArgumentException if it is not a number above 0 and below 1
     */
    public static Probability parse(String text) {
        long threshold = new BigDecimal(text)
                .multiply(EXACT_SCALE)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
        if (threshold < 1 || threshold >= 0x80000000L) {
            throw new IllegalArgumentException("probability out of range: " + text);
        }
        return new Probability((int) threshold);
    }

    /** Returns the exact share, above 0 and below 1. */
    public double share() {
        return threshold / SCALE;
    }

    /** Returns n if this is about one in n. */
    public int parts() {
        return (int) Math.round(SCALE / threshold);
    }

    /** Returns the ten digits of kube-proxy if this is one in n, else the eleven digits of iptables-save. */
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

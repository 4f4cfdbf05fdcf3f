package io.fairlead.iptables.rule;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * The share of packets a {@code statistic} match takes. The kernel (xt_statistic) keeps a 31-bit number and compares it
 * with 31 random bits, so that number is the value; texts that round to it are the same probability.
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
     * One of {@code n}, rounded to ten digits as kube-proxy writes it (IPT-17) and then to 31 bits as iptables does.
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
     * Reads what iptables-save or kube-proxy writes.
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

    /** The share, above 0 and below 1, exact. */
    public double share() {
        return threshold / SCALE;
    }

    /** Of how many equal parts this is one, to the nearest number. */
    public int parts() {
        return (int) Math.round(SCALE / threshold);
    }

    /** kube-proxy's ten digits if this is one of n, else the eleven digits of iptables-save. */
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

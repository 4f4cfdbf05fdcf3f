package io.fairlead.agent.serve;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * Bounds of buckets in Prometheus' text format. Java's client writes {@code le="1.0"} where Go's writes {@code le="1"}, and before
 * version 3 Prometheus takes the label as text: a query over kube-proxy's and Fairlead's buckets would see two series.
 */
final class Bounds {
    private static final Pattern LABEL = Pattern.compile("(?<=[{,](?:le|quantile)=\")[0-9][0-9.E+-]*(?=\")");
    private static final int LEAST_EXPONENT = -4;
    private static final int MOST_EXPONENT = 5;

    private Bounds() {}

    static String asGoWritesThem(String text) {
        return LABEL.matcher(text).replaceAll(bound -> go(Double.parseDouble(bound.group())));
    }

    /** The shortest decimal that reads as this number; with an exponent of two digits at least where Go has one. */
    static String go(double number) {
        BigDecimal shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (number == 0 || (exponent >= LEAST_EXPONENT && exponent <= MOST_EXPONENT)) {
            return number == 0 ? "0" : shortest.toPlainString();
        }
        BigDecimal mantissa = shortest.scaleByPowerOfTen(-exponent);
        return mantissa.toPlainString() + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}

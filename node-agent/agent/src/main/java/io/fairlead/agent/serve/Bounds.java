package io.fairlead.agent.serve;

import io.fairlead.config.GoNumber;
import java.util.regex.Pattern;

/**
 * Writes the bounds of buckets in Prometheus' text format. Java's client writes {@code le="1.0"} where Go's writes
 * {@code le="1"}. Before version 3, Prometheus compares the label as text, so a query over the buckets of kube-proxy
 * and Fairlead would get two series.
 */
final class Bounds {
    private static final Pattern LABEL = Pattern.compile("(?<=[{,](?:le|quantile)=\")[0-9][0-9.E+-]*(?=\")");

    private Bounds() {}

    static String asGoWritesThem(String text) {
        return LABEL.matcher(text).replaceAll(bound -> GoNumber.text(Double.parseDouble(bound.group())));
    }
}

package io.fairlead.agent.serve;

import io.fairlead.config.GoNumber;
import java.util.regex.Pattern;

/**
 * Bounds of buckets in Prometheus' text format. Java's client writes {@code le="1.0"} where Go's writes {@code le="1"},
 * and before version 3 Prometheus takes the label as text: a query over kube-proxy's and Fairlead's buckets would see
 * two series.
 */
final class Bounds {
    private static final Pattern LABEL = Pattern.compile("(?<=[{,](?:le|quantile)=\")[0-9][0-9.E+-]*(?=\")");

    private Bounds() {}

    static String asGoWritesThem(String text) {
        return LABEL.matcher(text).replaceAll(bound -> GoNumber.text(Double.parseDouble(bound.group())));
    }
}

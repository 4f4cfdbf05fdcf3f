package io.fairlead.agent.serve;

import io.fairlead.config.GoNumber;
import java.util.regex.Pattern;

/**
 * Rewrites the bounds of histogram buckets in Prometheus' text format. Prometheus' client for Java writes {@code
 * le="1.0"}, but the client for Go writes {@code le="1"}. Prometheus before version 3 compares these labels as text. A
 * query over the buckets of kube-proxy and Fairlead would therefore return two series for one bucket.
 */
final class Bounds {
    private static final Pattern LABEL = Pattern.compile("(?<=[{,](?:le|quantile)=\")[0-9][0-9.E+-]*(?=\")");

    private Bounds() {}

    static String asGoWritesThem(String text) {
        return LABEL.matcher(text).replaceAll(bound -> GoNumber.text(Double.parseDouble(bound.group())));
    }
}

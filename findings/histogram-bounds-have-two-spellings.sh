#!/bin/sh
# The bound of a histogram's bucket is a label, so it is compared as text. Prometheus' client for Java writes it as
# Java writes a double, the one for Go as Go does: le="1.0" and le="1", le="1.0E-4" and le="0.0001", le="1.0E7" and
# le="1e+07". A server that stores labels as it reads them (Prometheus before 3.0) has two sets of buckets then. A sum
# over a Java and a Go program by le joins neither, and a quantile of it is computed without an error.
. "$(dirname "$0")/lib/prelude.sh"

go_modules github.com/prometheus/client_golang@v1.23.2 <<'GO'
package main

import (
	"net/http/httptest"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

func main() {
	registry := prometheus.NewRegistry()
	histogram := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "h", Buckets: []float64{0.0001, 1, 1e7}})
	registry.MustRegister(histogram)
	histogram.Observe(0)
	answer := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(answer, httptest.NewRequest("GET", "/", nil))
	fmt.Print(answer.Body.String())
}
GO
maven_jars io.prometheus:prometheus-metrics-core:1.3.8 io.prometheus:prometheus-metrics-exposition-textformats:1.3.8
cat >"$work/Bounds.java" <<'JAVA'
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

class Bounds {
    public static void main(String[] args) throws Exception {
        var registry = new PrometheusRegistry();
        Histogram.builder().name("h").classicOnly().classicUpperBounds(0.0001, 1, 1e7).register(registry).observe(0);
        new PrometheusTextFormatWriter(false).write(System.out, registry.scrape());
    }
}
JAVA
bounds() {
    sed -n 's/^h_bucket{le="\([^"]*\)".*/\1/p' | tr '\n' ' '
}
echo "version: client_golang v1.23.2, prometheus-metrics-core 1.3.8"
see "bounds 0.0001, 1 and 10,000,000 in Go" "0.0001 1 1e+07 +Inf " "$("$work/go/finding" | bounds)"
see "in Java" "1.0E-4 1.0 1.0E7 +Inf " "$(java -cp "$work/jars/*" "$work/Bounds.java" | bounds)"
conclude

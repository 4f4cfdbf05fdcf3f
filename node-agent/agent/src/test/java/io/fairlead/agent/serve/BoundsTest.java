package io.fairlead.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BoundsTest {
    @Test
    void writesBoundsAsGoDoes() {
        assertThat(Bounds.asGoWritesThem("""
                a_bucket{host="le=\\"1.0\\"",le="1.0"} 2.0
                a_bucket{le="+Inf",host="1.0"} 2.0
                a_bucket{le="1000000.0"} 3
                a{quantile="0.50",file="1.0"} 4.0
                """)).isEqualTo("""
                a_bucket{host="le=\\"1.0\\"",le="1"} 2.0
                a_bucket{le="+Inf",host="1.0"} 2.0
                a_bucket{le="1e+06"} 3
                a{quantile="0.5",file="1.0"} 4.0
                """);
    }
}

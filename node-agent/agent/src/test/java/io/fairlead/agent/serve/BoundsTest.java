package io.fairlead.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundsTest {
    /** What Go's strconv.FormatFloat(x, 'g', -1, 64) gives. */
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1.0, 1",
        "60.0, 60",
        "0.005, 0.005",
        "0.0001, 0.0001",
        "1.0E-5, 1e-05",
        "2.5E-7, 2.5e-07",
        "100000.0, 100000",
        "1000000.0, 1e+06",
        "1.23456789E8, 1.23456789e+08",
        "1.0E21, 1e+21",
        "1.0E100, 1e+100",
        "16.384, 16.384"
    })
    void areWrittenAsGoWritesThem(String java, String go) {
        assertThat(Bounds.go(Double.parseDouble(java))).isEqualTo(go);
    }

    @Test
    void labelsOfBoundsAloneChange() {
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

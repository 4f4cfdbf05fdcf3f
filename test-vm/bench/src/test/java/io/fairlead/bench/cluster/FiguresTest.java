package io.fairlead.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class FiguresTest {

    @Test
    void quantilesAreValuesThatWereMeasured() {
        List<Long> hundred =
                Figures.sorted(LongStream.rangeClosed(1, 100).map(i -> 101 - i).toArray());
        assertThat(Figures.quantile(hundred, 0.5)).isEqualTo(50);
        assertThat(Figures.quantile(hundred, 0.99)).isEqualTo(99);
        assertThat(Figures.quantile(List.of(7L), 0.5)).isEqualTo(7);
        assertThat(Figures.quantile(List.of(7L, 9L), 0.99)).isEqualTo(9);
    }
}

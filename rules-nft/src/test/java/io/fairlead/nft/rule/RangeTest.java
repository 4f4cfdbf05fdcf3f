package io.fairlead.nft.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.nft.rule.ElementKey.Range;
import java.util.List;
import org.junit.jupiter.api.Test;

class RangeTest {

    @Test
    void aPrefixIsARangeAndBack() {
        for (String text : List.of("10.0.0.0/8", "0.0.0.0/0", "192.0.2.7/32", "fd00::/48", "::/0", "fd00::1/128")) {
            assertThat(Range.of(Cidr.parse(text)).asPrefix()).contains(Cidr.parse(text));
        }
        assertThat(range("10.0.0.1", "10.0.0.2").asPrefix()).isEmpty();
    }

    @Test
    void overlapsAndNeighboursAreJoined() {
        assertThat(Range.join(List.of(
                        range("10.0.0.4", "10.0.0.7"),
                        range("10.0.0.0", "10.0.0.3"),
                        range("10.0.0.2", "10.0.0.5"),
                        range("10.0.0.9", "10.0.0.9"))))
                .containsExactly(range("10.0.0.0", "10.0.0.7"), range("10.0.0.9", "10.0.0.9"));
        assertThat(Range.join(List.of(range("0.0.0.0", "127.255.255.255"), range("128.0.0.0", "255.255.255.255"))))
                .containsExactly(range("0.0.0.0", "255.255.255.255"));
    }

    @Test
    void holdsItsEnds() {
        Range range = range("10.0.0.4", "10.0.0.7");

        assertThat(List.of("10.0.0.3", "10.0.0.4", "10.0.0.7", "10.0.0.8", "::1"))
                .extracting(ip -> range.contains(Ip.parse(ip)))
                .containsExactly(false, true, true, false, false);
    }

    @Test
    void refusesAnEndBeforeTheStart() {
        assertThatThrownBy(() -> range("10.0.0.2", "10.0.0.1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.2-10.0.0.1");
    }

    private static Range range(String first, String last) {
        return new Range(Ip.parse(first), Ip.parse(last));
    }
}

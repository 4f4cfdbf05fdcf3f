package io.fairlead.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

    @Test
    void masksHostBits() {
        assertThat(Cidr.parse("10.1.2.3/8").text()).isEqualTo("10.0.0.0/8");
        assertThat(Cidr.parse("fd00:1:2:3::4/48").text()).isEqualTo("fd00:1:2::/48");
        assertThat(Cidr.parse("10.1.2.3/0").text()).isEqualTo("0.0.0.0/0");
        assertThat(Cidr.parse("fd00::1/0").text()).isEqualTo("::/0");
        assertThat(Cidr.parse("fd00::1/128").text()).isEqualTo("fd00::1/128");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.0/x",
                "/8",
                "::/129",
                "::ffff:10.0.0.0/129",
                "10.0.0.0/99999999999",
                "10.0.0.0/8/8"
            })
    void refusesWhatIsNoPrefix(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Parses prefixes as kube-proxy 1.37.2 does (k8s.io/utils/net.ParseCIDRSloppy). */
    @ParameterizedTest
    @CsvSource({
        "::ffff:203.0.113.0/120, 203.0.113.0/24",
        "::ffff:203.0.113.5/128, 203.0.113.5/32",
        "0:0:0:0:0:FFFF:203.0.113.5/128, 203.0.113.5/32",
        "::FFFF:CB00:7105/124, 203.0.113.0/28",
        "::ffff:0:0/96, 0.0.0.0/0",
        "::ffff:203.0.113.0/95, ::fffe:0:0/95",
        "::ffff:203.0.113.0/90, ::ffc0:0:0/90",
        "::ffff:203.0.113.0/24, ::/24",
        "::203.0.113.0/120, ::cb00:7100/120",
        "010.0.0.0/00000008, 10.0.0.0/8",
        "00010.0.0.0/8, 10.0.0.0/8",
        "::ffff:010.0.0.1/128, 10.0.0.1/32"
    })
    void readsEveryNotationThatKubeProxyReads(String text, String meaning) {
        assertThat(Cidr.parse(text).text()).isEqualTo(meaning);
    }

    @Test
    void containsOnlyItsOwnFamily() {
        assertThat(Cidr.parse("0.0.0.0/0").contains(Ip.parse("::1"))).isFalse();
        assertThat(Cidr.parse("10.0.0.0/8").contains(Ip.parse("10.255.0.1"))).isTrue();
        assertThat(Cidr.parse("10.0.0.0/8").contains(Ip.parse("11.0.0.1"))).isFalse();
        assertThat(Cidr.parse("fd00::/65").contains(Ip.parse("fd00::8000:0:0:1")))
                .isFalse();
    }

    @Test
    void mergesNestedAndNeighbouringPrefixes() {
        assertThat(Cidr.merge(cidrs("10.0.1.0/24", "10.0.0.0/24", "10.0.0.128/25", "10.0.3.0/24")))
                .containsExactlyElementsOf(cidrs("10.0.0.0/23", "10.0.3.0/24"));
        assertThat(Cidr.merge(cidrs("fd00::/64", "fd00:0:0:1::/64", "1.2.3.4/32")))
                .containsExactlyElementsOf(cidrs("1.2.3.4/32", "fd00::/63"));
    }

    @Test
    void mergingKeepsTheSameAddressesAndLeavesNoOverlap() {
        Random random = new Random(11);
        for (int round = 0; round < 300; round++) {
            List<Cidr> some = Stream.generate(() -> new Cidr(new Ipv4(random.nextInt(256)), 24 + random.nextInt(9)))
                    .limit(1 + random.nextInt(8))
                    .toList();
            List<Cidr> merged = Cidr.merge(some);
            for (int address = 0; address < 256; address++) {
                Ip ip = new Ipv4(address);
                long inMerged =
                        merged.stream().filter(cidr -> cidr.contains(ip)).count();
                assertThat(inMerged).isEqualTo(some.stream().anyMatch(cidr -> cidr.contains(ip)) ? 1 : 0);
            }
        }
    }

    private static List<Cidr> cidrs(String... texts) {
        List<Cidr> cidrs = new ArrayList<>();
        for (String text : texts) {
            cidrs.add(Cidr.parse(text));
        }
        return cidrs;
    }
}

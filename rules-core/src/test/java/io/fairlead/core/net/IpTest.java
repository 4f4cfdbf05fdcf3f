package io.fairlead.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "172.30.0.041, 172.30.0.41",
        "010.001.0.1, 10.1.0.1",
        "255.255.255.255, 255.255.255.255",
        "FD00:0:0:0:0:0:0:1, fd00::1",
        "2001:db8::1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "1:0:0:0:0:0:0:0, 1::",
        "::, ::",
        "::ffff:10.0.0.1, 10.0.0.1"
    })
    void readsAndWritesCanonicalText(String text, String canonical) {
        assertThat(Ip.parse(text).text()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.1",
                "10.0.0.256",
                "10.0.0.1.",
                "10.0.0",
                "localhost",
                "fe80::1%eth0",
                "[::1]",
                "1::2::3",
                "10.0.0.1/8",
                " 10.0.0.1",
                "::g"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> Ip.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @Test
    void anyAddressSurvivesTextAndBytes() throws UnknownHostException {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            Ip ip = random.nextBoolean()
                    ? new Ipv4(random.nextInt())
                    : new Ipv6(random.nextLong() & mask(random), random.nextLong() & mask(random));
            assertThat(Ip.of(ip.bytes())).isEqualTo(ip);
            if (!ip.text().startsWith("::ffff:")) {
                assertThat(Ip.parse(ip.text())).isEqualTo(ip);
                assertThat(InetAddress.getByAddress(ip.bytes())).isEqualTo(InetAddress.ofLiteral(ip.text()));
            }
        }
    }

    @Test
    void sortsByFamilyThenAsUnsignedNumbers() {
        List<Ip> sorted = List.of(
                Ip.parse("9.0.0.1"),
                Ip.parse("10.0.0.1"),
                Ip.parse("200.0.0.1"),
                Ip.parse("::1"),
                Ip.parse("::ffff:ffff:ffff:ffff"),
                Ip.parse("fd00::1"));
        assertThat(sorted.reversed().stream().sorted()).containsExactlyElementsOf(sorted);
    }

    @Test
    void knowsLoopback() {
        assertThat(List.of("127.0.0.1", "127.9.9.9", "::1"))
                .allMatch(text -> Ip.parse(text).isLoopback());
        assertThat(List.of("128.0.0.1", "126.0.0.1", "::2", "1::1"))
                .noneMatch(text -> Ip.parse(text).isLoopback());
    }

    /** Returns a random mask that often contains zero groups, so that "::" occurs. */
    private static long mask(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0xffff_0000_0000_ffffL;
            case 1 -> 0;
            case 2 -> 0x0000_ffff_0000_000fL;
            default -> -1;
        };
    }
}

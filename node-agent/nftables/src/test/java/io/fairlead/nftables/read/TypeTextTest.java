package io.fairlead.nftables.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the parts of concatenated keys. Each part fills whole words of 4 bytes. */
final class TypeTextTest {
    @ParameterizedTest
    @CsvSource({
        // ipv4_addr . inet_service
        "7,0a60000a,10.96.0.10",
        // iface_index, whose value has 4 bytes; arp_op and iface_type have 2
        "20,01000000,0x01000000",
        "11,00020000,0x0002",
        "21,00010000,0x0001",
    })
    void aPartHasTheLengthOfItsType(int type, String first, String text) {
        Bytes bytes = new Bytes(HexFormat.of().parseHex(first + "00500000"));

        assertThat(TypeText.value(type << 6 | TypeText.PORT, bytes)).isEqualTo(text + " . 80");
    }
}

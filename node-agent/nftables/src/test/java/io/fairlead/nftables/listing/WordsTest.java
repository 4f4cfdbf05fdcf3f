package io.fairlead.nftables.listing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the lengths of values, from which the parts of a concatenated key are found. */
final class WordsTest {
    @ParameterizedTest
    @CsvSource({
        // ipv4_addr, iface_index
        "7,4",
        "20,4",
        // arp_op, inet_service, iface_type
        "11,2",
        "13,2",
        "21,2",
        // inet_proto, tcp_flag, dccp_pkttype, mh_type
        "12,1",
        "15,1",
        "16,1",
        "17,1",
    })
    void aValueHasTheLengthOfItsType(int type, int length) {
        assertThat(Words.length(type)).isEqualTo(length);
    }
}

package io.fairlead.conntrack;

import static io.fairlead.conntrack.UdpFlows.flow;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.netlink.MessageWriter;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Compares requests with the bytes for a little-endian machine. The bytes of addresses and ports are the same that the
 * tool conntrack 1.4.7 sends.
 */
final class FlowRequestsTest {
    private final MessageWriter out = MessageWriter.onHeap(64);

    private static final String TUPLE = "34000180" // CTA_TUPLE_ORIG, 52 bytes
            + "14000180" + "08000100" + "0a090009" + "08000200" + "0a60000a" // addresses
            + "1c000280" + "05000100" + "11000000" + "06000200" + "0fa00000" + "06000300" + "00350000"; // UDP, ports

    @BeforeAll
    static void onThisMachine() {
        Assumptions.assumeTrue(
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "the bytes are those of a little-endian machine");
    }

    @Test
    void requestsUdpFlowsOfAFamily() {
        FlowRequests.dump(out, IpFamily.IPV4, 7);

        assertThat(hex())
                .isEqualTo("30000000" + "0101" + "0103" + "07000000" + "00000000" // length, GET, DUMP, sequence, port
                        + "02000000" // AF_INET
                        + "10000180" + "0c000280" + "05000100" + "11000000" // original tuple: protocol 17
                        + "0c001980" + "08000100" + "08000000"); // filter: by the protocol's number
    }

    @Test
    void requestsIpv6() {
        FlowRequests.dump(out, IpFamily.IPV6, 7);

        assertThat(hex()).startsWith("30000000" + "0101" + "0103" + "07000000" + "00000000" + "0a000000");
    }

    @Test
    void removesByTupleAndIdentity() {
        UdpFlow flow = UdpFlows.withId(flow("10.9.0.9:4000 > 10.96.0.10:53 = 10.1.0.1:5353"), 0x0e010fae);
        FlowRequests.delete(out, flow, 8);

        assertThat(hex())
                .isEqualTo("50000000" + "0201" + "0500" + "08000000" + "00000000" // length, DELETE, REQUEST and ACK
                        + "02000000"
                        + TUPLE
                        + "08000c00" + "0e010fae"); // identity
    }

    @Test
    void removesIpv6() {
        UdpFlow flow = UdpFlows.withId(flow("[fd00:9::9]:65535 > [fd00:96::10]:53 = [fd00:1::1]:5353"), -2);
        FlowRequests.delete(out, flow, 8);

        assertThat(hex())
                .isEqualTo("68000000" + "0201" + "0500" + "08000000" + "00000000" + "0a000000"
                        + "4c000180"
                        + "2c000180" + "14000300" + "fd000009000000000000000000000009"
                        + "14000400" + "fd000096000000000000000000000010"
                        + "1c000280" + "05000100" + "11000000" + "06000200" + "ffff0000" + "06000300" + "00350000"
                        + "08000c00" + "fffffffe");
    }

    @Test
    void writesOneMessageAfterTheOther() {
        UdpFlow flow = flow("[fd00:9::9]:65535 > [fd00:96::10]:53 = [fd00:1::1]:5353");
        FlowRequests.delete(out, flow, 8);
        FlowRequests.delete(out, flow, 9);

        assertThat(out.size()).isEqualTo(208);
        assertThat(out.written().getInt(104)).isEqualTo(104);
        assertThat(out.written().getInt(112)).isEqualTo(9);
    }

    private String hex() {
        byte[] written = new byte[out.size()];
        out.written().get(written);
        return HexFormat.of().formatHex(written);
    }
}

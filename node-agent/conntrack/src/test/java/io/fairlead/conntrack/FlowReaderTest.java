package io.fairlead.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.linux.netlink.MalformedMessageException;
import io.fairlead.linux.netlink.MessageReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Reads bytes that Linux 6.18 sent on a little-endian machine. */
final class FlowReaderTest {
    private static final String HEADER = "0001" + "0200" + "07000000" + "a2700000" + "02000000";
    private static final String ORIGINAL = "34000180"
            + "14000180" + "08000100" + "0a000001" + "08000200" + "0a60000a"
            + "1c000280" + "05000100" + "11000000" + "06000200" + "03e80000" + "06000300" + "00350000";
    private static final String REPLY = "34000280"
            + "14000180" + "08000100" + "0af40105" + "08000200" + "0a000001"
            + "1c000280" + "05000100" + "11000000" + "06000200" + "14e90000" + "06000300" + "03e80000";
    private static final String STATUS_AND_MARK = "08000300" + "000001a8" + "08000800" + "00000000";
    private static final String IDENTITY = "08000c00" + "0e010fae";
    private static final String REST = "08000b00" + "00000001" + "08000700" + "00000063" + "1c001880"
            + "0800010000000000" + "0800020000000000" + "0800030000000000";
    private static final String DONE = "14000000" + "0300" + "0200" + "07000000" + "a2700000" + "00000000";

    @BeforeAll
    static void onThisMachine() {
        Assumptions.assumeTrue(
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "the bytes are those of a little-endian machine");
    }

    @Test
    void readsAFlowAndTheEnd() {
        MessageReader reader =
                reader("c0000000" + HEADER + ORIGINAL + REPLY + STATUS_AND_MARK + IDENTITY + REST + DONE);

        assertThat(reader.next()).isTrue();
        assertThat(reader.sequence()).isEqualTo(7);
        assertThat(reader.isLast()).isFalse();
        UdpFlow flow = FlowReader.flow(reader);
        assertThat(flow).isNotNull();
        assertThat(UdpFlows.text(flow)).isEqualTo("10.0.0.1:1000 > 10.96.0.10:53 = 10.244.1.5:5353");
        assertThat(flow.id()).isEqualTo(0x0e010fae);
        assertThat(flow.translated()).isTrue();
        assertThat(reader.next()).isTrue();
        assertThat(reader.isLast()).isTrue();
        assertThat(reader.acknowledgement().errno()).isZero();
        assertThat(reader.next()).isFalse();
    }

    @Test
    void skipsOtherProtocols() {
        String tcp = (ORIGINAL + REPLY).replace("0500010011000000", "0500010006000000");

        assertThat(flow("84000000" + HEADER + tcp + IDENTITY)).isNull();
    }

    @Test
    void skipsOtherZones() {
        assertThat(flow("8c000000" + HEADER + ORIGINAL + REPLY + IDENTITY + "06001200" + "00070000"))
                .isNull();
    }

    @Test
    void skipsOtherZonesOfOneDirection() {
        String zoned = ORIGINAL.replaceFirst("34000180", "3c000180") + "06000300" + "00070000";

        assertThat(flow("8c000000" + HEADER + zoned + REPLY + IDENTITY)).isNull();
    }

    @Test
    void skipsOtherKindsOfMessages() {
        assertThat(flow("14000000" + "0008" + "0200" + "07000000" + "a2700000" + "02000000"))
                .isNull();
    }

    @Test
    void reportsTheErrorOfTheKernel() {
        MessageReader reader = reader("24000000" + "0200" + "0001" + "08000000" + "a2700000" + "feffffff" + "50000000"
                + "0201" + "0500" + "08000000" + "00000000");

        assertThat(reader.next()).isTrue();
        assertThat(reader.isLast()).isTrue();
        assertThat(reader.sequence()).isEqualTo(8);
        assertThat(reader.acknowledgement().errno()).isEqualTo(2);
    }

    @Test
    void rejectsMessagesLongerThanTheDatagram() {
        assertThatThrownBy(() -> flow("c4000000" + HEADER + ORIGINAL))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("message length 196");
    }

    @Test
    void rejectsHalfAHeader() {
        assertThatThrownBy(() -> flow("14000000" + "0300"))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("header of 6 bytes");
    }

    @Test
    void rejectsAttributesLongerThanTheirMessage() {
        assertThatThrownBy(() -> flow("1c000000" + HEADER + "34000180" + "14000180"))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("attribute length 52");
    }

    @Test
    void rejectsAttributesWithoutLength() {
        assertThatThrownBy(() -> flow("18000000" + HEADER + "00000180"))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("attribute length 0");
    }

    @Test
    void rejectsShortValues() {
        String half = ORIGINAL.replaceFirst("0800010" + "00a000001", "0600010" + "00a000000");

        assertThatThrownBy(() -> flow("84000000" + HEADER + half + REPLY + IDENTITY))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("attribute 1 has 2 bytes instead of 4");
    }

    @Test
    void rejectsAFlowWithoutReply() {
        assertThatThrownBy(() -> flow("50000000" + HEADER + ORIGINAL + IDENTITY))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("without a tuple");
    }

    private static UdpFlow flow(String hex) {
        MessageReader reader = reader(hex);
        assertThat(reader.next()).isTrue();
        return FlowReader.flow(reader);
    }

    private static MessageReader reader(String hex) {
        return new MessageReader(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }
}

package io.fairlead.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageWriterTest {
    private final MessageWriter writer = MessageWriter.onHeap(16);

    @Test
    void writesHeadersInTheOrderOfTheMachineAndValuesInNetworkOrder() {
        writer.beginNetfilter(
                Netlink.type(Netlink.NF_TABLES, 3), Netlink.NLM_F_REQUEST | Netlink.NLM_F_CREATE, 7, 2, 10);
        writer.string(1, "ab");
        int list = writer.nested(2);
        writer.u8(1, 0xfe);
        writer.u16(2, 0x0102);
        writer.u32(3, 0x01020304);
        writer.u64(4, 0x0102030405060708L);
        writer.flag(5);
        writer.close(list);
        writer.end();

        ByteBuffer expected = ByteBuffer.allocate(200).order(ByteOrder.nativeOrder());
        expected.putInt(72)
                .putShort((short) 0x0a03)
                .putShort((short) 0x401)
                .putInt(7)
                .putInt(0);
        expected.put(HexFormat.of().parseHex("0200000a"));
        expected.putShort((short) 7).putShort((short) 1).put(HexFormat.of().parseHex("61620000"));
        expected.putShort((short) 44).putShort((short) 0x8002);
        expected.putShort((short) 5).putShort((short) 1).put(HexFormat.of().parseHex("fe000000"));
        expected.putShort((short) 6).putShort((short) 2).put(HexFormat.of().parseHex("01020000"));
        expected.putShort((short) 8).putShort((short) 3).put(HexFormat.of().parseHex("01020304"));
        expected.putShort((short) 12).putShort((short) 4).put(HexFormat.of().parseHex("0102030405060708"));
        expected.putShort((short) 4).putShort((short) 5);
        assertThat(writer.written()).isEqualTo(expected.flip());
    }

    @Test
    void writesNumbersInTheOrderOfTheMachineWhereAsked() {
        writer.begin(16, 0, 1);
        writer.u16Host(1, 0x0102);
        writer.u32Host(2, 0x01020304);
        writer.u64Host(3, 0x0102030405060708L);
        writer.end();

        ByteBuffer written = writer.written();
        assertThat(written.getShort(20)).isEqualTo((short) 0x0102);
        assertThat(written.getInt(28)).isEqualTo(0x01020304);
        assertThat(written.getLong(36)).isEqualTo(0x0102030405060708L);
    }

    @Test
    void joinsPartsToOneValueAndPadsIt() {
        writer.begin(16, 0, 1);
        int start = writer.attribute(3);
        writer.put32(0x0a000001);
        writer.put8(6);
        writer.put(new byte[] {1, 2, 3, 4}, 1, 2);
        assertThat(writer.length(start)).isEqualTo(11);
        writer.close(start);
        writer.end();

        assertThat(writer.size()).isEqualTo(28);
        assertThat(writer.written().getShort(16)).isEqualTo((short) 11);
        assertThat(writer.written().getInt(0)).isEqualTo(28);
    }

    @Test
    void writesTextThatIsNotAsciiInUtf8() {
        writer.begin(16, 0, 1);
        writer.string(1, "aé€");
        writer.end();

        MessageReader reader = new MessageReader(writer.written());
        assertThat(reader.next()).isTrue();
        Attributes attributes = reader.attributes(0);
        assertThat(attributes.next()).isTrue();
        assertThat(attributes.string()).isEqualTo("aé€");
        assertThat(attributes.length()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void growsAndShrinks(boolean direct) {
        MessageWriter growing = direct ? MessageWriter.direct(16) : MessageWriter.onHeap(16);
        for (int i = 0; i < 1000; i++) {
            growing.begin(16, 0, i);
            growing.u32(1, i);
            growing.end();
        }

        assertThat(growing.size()).isEqualTo(24_000);
        assertThat(growing.written().isDirect()).isEqualTo(direct);
        MessageReader reader = new MessageReader(growing.written());
        for (int i = 0; i < 1000; i++) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.sequence()).isEqualTo(i);
        }
        assertThat(growing.clear(16).written().capacity()).isEqualTo(16);
    }

    @Test
    void rejectsAnAttributeThatIsTooLongForItsHeader() {
        writer.begin(16, 0, 1);
        writer.bytes(9, new byte[0xffff - 4]);
        assertThatThrownBy(() -> writer.bytes(9, new byte[0xffff - 3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("netlink attribute 9 is too long: 65536 bytes");
    }

    @Test
    void discardsAMessageThatWasBegun() {
        writer.begin(16, 0, 1);
        writer.end();
        int size = writer.size();
        writer.begin(16, 0, 2);
        writer.u32(1, 1);
        writer.truncate(size);

        assertThat(writer.written().remaining()).isEqualTo(16);
    }

    @Test
    void writesBatches() {
        writer.beginBatch(Netlink.NF_TABLES, 1);
        writer.beginBatch(Netlink.NF_TABLES, 2, 77);
        writer.endBatch(Netlink.NF_TABLES, Netlink.NLM_F_ACK, 3);

        MessageReader reader = new MessageReader(writer.written());
        assertThat(reader.next()).isTrue();
        assertThat(reader.type()).isEqualTo(Netlink.NFNL_MSG_BATCH_BEGIN);
        assertThat(reader.netfilterAttributes().next()).isFalse();
        assertThat(reader.next()).isTrue();
        Attributes generation = reader.netfilterAttributes();
        assertThat(generation.next()).isTrue();
        assertThat(generation.u32()).isEqualTo(77);
        assertThat(reader.next()).isTrue();
        assertThat(reader.type()).isEqualTo(Netlink.NFNL_MSG_BATCH_END);
        assertThat(reader.flags()).isEqualTo(Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK);
        assertThat(reader.next()).isFalse();
        assertThat(writer.written().getShort(18)).isEqualTo((short)
                (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? Netlink.NF_TABLES : Netlink.NF_TABLES << 8));
    }

    @Test
    void refusesMessagesThatAreNotEnded() {
        assertThatThrownBy(writer::end).isInstanceOf(IllegalStateException.class);
        writer.begin(16, 0, 1);
        assertThatThrownBy(writer::written).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> writer.begin(16, 0, 2)).isInstanceOf(IllegalStateException.class);
    }
}

package io.fairlead.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageReaderTest {
    private static final int MUTATIONS = 100_000;

    private final MessageWriter writer = MessageWriter.onHeap(64);

    private MessageReader read() {
        MessageReader reader = new MessageReader(writer.written());
        assertThat(reader.next()).isTrue();
        return reader;
    }

    private static Attributes first(Attributes attributes) {
        assertThat(attributes.next()).isTrue();
        return attributes;
    }

    @Test
    void readsWhatTheWriterWrites() {
        writer.beginNetfilter(Netlink.type(Netlink.NF_TABLES, 3), Netlink.NLM_F_MULTI, 7, 10, 0);
        int list = writer.nested(2);
        writer.u8(1, 0xfe);
        writer.u16(2, 0xfffe);
        writer.u32(3, -2);
        writer.u64(4, -2);
        writer.u16Host(5, 0xfffe);
        writer.u32Host(6, -2);
        writer.string(7, "chain");
        writer.bytes(8, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        writer.close(list);
        writer.end();

        MessageReader reader = read();
        assertThat(reader.type()).isEqualTo(0x0a03);
        assertThat(reader.has(Netlink.NLM_F_MULTI)).isTrue();
        assertThat(reader.has(Netlink.NLM_F_DUMP_INTR)).isFalse();
        assertThat(reader.sequence()).isEqualTo(7);
        assertThat(reader.port()).isZero();
        assertThat(reader.family()).isEqualTo(10);
        assertThat(reader.isLast()).isFalse();
        Attributes outer = first(reader.netfilterAttributes());
        assertThat(outer.type()).isEqualTo(2);
        Attributes inner = first(outer.nested());
        assertThat(inner.u8()).isEqualTo(0xfe);
        assertThat(first(inner).u16()).isEqualTo(0xfffe);
        assertThat(first(inner).u32()).isEqualTo(-2);
        assertThat(first(inner).u64()).isEqualTo(-2);
        assertThat(first(inner).u16Host()).isEqualTo(0xfffe);
        assertThat(first(inner).u32Host()).isEqualTo(-2);
        assertThat(first(inner).string()).isEqualTo("chain");
        assertThat(inner.isString("chain")).isTrue();
        assertThat(inner.isString("chai")).isFalse();
        assertThat(inner.isString("chaim")).isFalse();
        assertThat(inner.isString("chains")).isFalse();
        assertThat(first(inner).bytes()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(inner.u8(8)).isEqualTo(9);
        assertThat(inner.u16(7)).isEqualTo(0x0809);
        assertThat(inner.u32(4)).isEqualTo(0x05060708);
        assertThat(inner.u64(1)).isEqualTo(0x0203040506070809L);
        assertThat(inner.next()).isFalse();
        assertThat(outer.next()).isFalse();
        assertThat(reader.next()).isFalse();
        assertThat(reader.rewind().next()).isTrue();
    }

    @Test
    void rejectsAValueThatIsTooShort() {
        writer.begin(16, 0, 1);
        writer.u16(4, 1);
        writer.end();

        Attributes attribute = first(read().attributes(0));
        assertThatThrownBy(attribute::u32)
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("malformed netlink message: attribute 4 has 2 bytes instead of 4");
        assertThatThrownBy(() -> attribute.u16(1)).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void rejectsLengthsThatDoNotFit() {
        writer.begin(16, 0, 1);
        writer.u32(4, 1);
        writer.end();
        ByteBuffer bytes = writer.written();

        bytes.putShort(16, (short) 9);
        assertThatThrownBy(() -> first(read().attributes(0))).hasMessageEndingWith("attribute length 9");
        bytes.putShort(16, (short) 3);
        assertThatThrownBy(() -> first(read().attributes(0))).hasMessageEndingWith("attribute length 3");
        bytes.putInt(0, 25);
        assertThatThrownBy(this::read).hasMessageEndingWith("message length 25");
        bytes.putInt(0, 15);
        assertThatThrownBy(this::read).hasMessageEndingWith("message length 15");
        assertThatThrownBy(() -> new MessageReader(ByteBuffer.allocate(15)).next())
                .hasMessageEndingWith("header of 15 bytes");
    }

    @Test
    void aMessageWithoutTheHeaderOfNetfilterIsMalformed() {
        writer.begin(0x0a03, 0, 1);
        writer.end();

        assertThatThrownBy(() -> read().family()).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> read().netfilterAttributes()).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void readsTheReasonOfARefusalWhetherTheRequestIsRepeatedOrNot() {
        for (boolean repeated : new boolean[] {true, false}) {
            writer.clear();
            int flags = Netlink.NLM_F_ACK_TLVS | (repeated ? 0 : Netlink.NLM_F_CAPPED);
            writer.begin(Netlink.NLMSG_ERROR, flags, 9);
            writer.put32Host(-2);
            writer.put32Host(repeated ? 26 : 400);
            writer.zeros(12);
            writer.zeros(repeated ? 12 : 0);
            writer.string(Netlink.NLMSGERR_ATTR_MSG, "no such chain");
            writer.u32Host(Netlink.NLMSGERR_ATTR_OFFS, 20);
            writer.end();

            assertThat(read().isLast()).isTrue();
            assertThat(read().acknowledgement()).isEqualTo(new Acknowledgement(9, 2, "no such chain", 20));
        }
    }

    @Test
    void readsAcknowledgementsWithoutReasons() {
        writer.begin(Netlink.NLMSG_ERROR, 0, 9);
        writer.zeros(20);
        writer.end();
        assertThat(read().acknowledgement()).isEqualTo(new Acknowledgement(9, 0, "", 0));

        writer.clear().begin(Netlink.NLMSG_DONE, 0, 9);
        writer.put32Host(-4);
        writer.end();
        assertThat(read().acknowledgement()).isEqualTo(new Acknowledgement(9, 4, "", 0));

        writer.clear().begin(Netlink.NLMSG_DONE, 0, 9);
        writer.end();
        assertThat(read().acknowledgement().succeeded()).isTrue();

        writer.clear().begin(Netlink.NLMSG_ERROR, Netlink.NLM_F_ACK_TLVS, 9);
        writer.put32Host(-2);
        writer.put32Host(400);
        writer.zeros(12);
        writer.end();
        assertThatThrownBy(() -> read().acknowledgement())
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("400 bytes");
    }

    /** Reads all messages, and all their attributes at every depth of nesting. */
    private static long readAll(ByteBuffer bytes) {
        MessageReader reader = new MessageReader(bytes);
        long sum = 0;
        while (reader.next()) {
            sum += reader.type() + reader.flags() + reader.sequence() + reader.port();
            if (reader.isLast()) {
                sum += reader.acknowledgement().errno();
            } else {
                sum += reader.family() + readAll(reader.netfilterAttributes(), 4);
            }
        }
        return sum;
    }

    private static long readAll(Attributes attributes, int depth) {
        long sum = 0;
        while (attributes.next()) {
            sum += switch (attributes.type()) {
                case 1 -> attributes.u8();
                case 2 -> attributes.u16();
                case 3 -> attributes.u32();
                case 4 -> attributes.u64();
                case 5 -> attributes.string().length();
                case 6 -> attributes.isString("text") ? 1 : 0;
                case 7 -> attributes.u32(4);
                case 8 -> attributes.bytes().length;
                default -> depth == 0 ? 0 : readAll(attributes.nested(), depth - 1);
            };
        }
        return sum;
    }

    @Test
    void mutatedMessagesThrowNothingButTheExceptionOfTheCodec() {
        writer.beginNetfilter(0x0a03, 0, 1, 2, 0);
        writer.u8(1, 1);
        int list = writer.nested(9);
        writer.u16(2, 1);
        writer.u32(3, 1);
        int deeper = writer.nested(10);
        writer.u64(4, 1);
        writer.string(5, "text");
        writer.string(6, "text");
        writer.close(deeper);
        writer.u64(7, 1);
        writer.bytes(8, new byte[7]);
        writer.close(list);
        writer.end();
        writer.begin(Netlink.NLMSG_ERROR, Netlink.NLM_F_ACK_TLVS | Netlink.NLM_F_CAPPED, 9);
        writer.zeros(20);
        writer.string(Netlink.NLMSGERR_ATTR_MSG, "no");
        writer.u32Host(Netlink.NLMSGERR_ATTR_OFFS, 20);
        writer.end();
        writer.begin(Netlink.NLMSG_DONE, 0, 9);
        writer.zeros(4);
        writer.end();
        byte[] good = new byte[writer.size()];
        writer.written().get(good);
        assertThat(readAll(ByteBuffer.wrap(good))).isPositive();

        Random random = new Random(17);
        int malformed = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bad = good.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(bad.length + 1) : bad.length;
            try {
                long _ = readAll(ByteBuffer.wrap(bad, 0, length).order(ByteOrder.nativeOrder()));
            } catch (MalformedMessageException _) {
                malformed++;
            }
        }
        assertThat(malformed).isBetween(MUTATIONS / 10, MUTATIONS * 9 / 10);
    }
}

package io.fairlead.agent.xtables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.iptables.kernel.RawTables.RawRule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TableDumpTest {
    private static final byte[] VERDICT = attribute(2, attribute(2, text("KUBE-SERVICES")));
    private static final byte[] RULE = message(
            10 << 8 | 6,
            joined(
                    attribute(1, text("nat")),
                    attribute(
                            4,
                            joined(
                                    expression(
                                            "match", joined(attribute(1, text("comment")), attribute(3, text("why")))),
                                    expression("lookup", attribute(1, text("s"))),
                                    expression("counter", new byte[0]),
                                    expression("immediate", attribute(2, VERDICT))))));

    @Test
    void readsWhereARuleLeads() {
        TableDump.Answer answer = TableDump.answer(RULE, RULE.length);
        assertThat(answer.objects())
                .singleElement()
                .satisfies(rule ->
                        assertThat(TableDump.rule(rule)).isEqualTo(new RawRule("KUBE-SERVICES", "why", List.of("s"))));
        assertThat(answer.ended()).isFalse();
    }

    @Test
    void tellsTheEndAndAnErrorFromObjects() {
        byte[] done = message(3, new byte[0]);
        assertThat(TableDump.answer(done, done.length).ended()).isTrue();
        byte[] error = message(2, new byte[0]);
        ByteBuffer.wrap(error).order(ByteOrder.nativeOrder()).putInt(16, -2);
        assertThat(TableDump.answer(error, error.length).error()).isEqualTo(2);
    }

    @Test
    void anyBytesAreReadWithoutAFault() {
        Random random = new Random(20);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = RULE.clone();
            for (int j = random.nextInt(6); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(bytes.length + 1);
            TableDump.answer(bytes, length).objects().forEach(object -> {
                TableDump.rule(object);
                TableDump.chain(object, "nat");
                TableDump.verdictMap(object);
                TableDump.targets(object);
            });
        }
    }

    @Test
    void asksForOneChain() {
        byte[] request = TableDump.request(TableDump.GET_RULE, (byte) 2, Map.of(1, "nat", 2, "KUBE-SERVICES"));
        assertThat(request).hasSize(16 + 4 + 8 + 20);
        assertThat(ByteBuffer.wrap(request).order(ByteOrder.nativeOrder()).getInt(0))
                .isEqualTo(request.length);
    }

    private static byte[] expression(String name, byte[] data) {
        return attribute(1, joined(attribute(1, text(name)), attribute(2, data)));
    }

    private static byte[] message(int type, byte[] attributes) {
        return ByteBuffer.allocate(20 + attributes.length)
                .order(ByteOrder.nativeOrder())
                .putInt(20 + attributes.length)
                .putShort((short) type)
                .putShort((short) 2)
                .position(20)
                .put(attributes)
                .array();
    }

    private static byte[] attribute(int type, byte[] value) {
        return ByteBuffer.allocate(4 + value.length + 3 & ~3)
                .order(ByteOrder.nativeOrder())
                .putShort((short) (4 + value.length))
                .putShort((short) type)
                .put(value)
                .array();
    }

    private static byte[] text(String text) {
        return (text + '\0').getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] joined(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                List.of(parts).stream().mapToInt(part -> part.length).sum());
        List.of(parts).forEach(all::put);
        return all.array();
    }
}

package io.fairlead.agent.xtables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.kernel.RawTables.RawRule;
import io.fairlead.linux.netlink.MalformedMessageException;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.linux.netlink.MessageWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TableDumpTest {
    private static final int MUTATIONS = 100_000;

    private static MessageReader reader(Consumer<MessageWriter> attributes) {
        return reader(bytes(attributes));
    }

    private static MessageReader reader(byte[] bytes) {
        MessageReader reader = new MessageReader(ByteBuffer.wrap(bytes));
        assertThat(reader.next()).isTrue();
        return reader;
    }

    private static byte[] bytes(Consumer<MessageWriter> attributes) {
        MessageWriter out = MessageWriter.onHeap(64);
        out.beginNetfilter(10 << 8 | 6, 2, 1, 2, 0);
        attributes.accept(out);
        out.end();
        byte[] bytes = new byte[out.size()];
        out.written().get(bytes);
        return bytes;
    }

    private static void nested(MessageWriter out, int type, Runnable inside) {
        int start = out.nested(type);
        inside.run();
        out.close(start);
    }

    private static void expression(MessageWriter out, String name, Runnable data) {
        nested(out, 1, () -> {
            out.string(1, name);
            nested(out, 2, data);
        });
    }

    private static void rule(MessageWriter out) {
        out.string(1, "nat");
        nested(out, 4, () -> {
            expression(out, "match", () -> {
                out.string(1, "comment");
                out.string(3, "why");
            });
            expression(out, "lookup", () -> out.string(1, "s"));
            expression(out, "counter", () -> {});
            expression(
                    out, "immediate", () -> nested(out, 2, () -> nested(out, 2, () -> out.string(2, "KUBE-SERVICES"))));
        });
    }

    @Test
    void readsTheTargetOfARule() {
        assertThat(TableDump.rule(reader(TableDumpTest::rule)))
                .isEqualTo(new RawRule("KUBE-SERVICES", "why", List.of("s")));
    }

    /** Tests a comment that nft stores in the user data of a rule as a part with type 0, length and text. */
    @Test
    void readsTheCommentOfNft() {
        byte[] data = {1, 1, 9, 0, 4, 'm', 'i', 'n', 'e'};

        assertThat(TableDump.rule(reader(out -> out.bytes(7, data))).comment()).isEqualTo("mine");
        assertThat(TableDump.rule(reader(out -> out.bytes(7, data, 0, 8))).comment())
                .isEmpty();
    }

    @Test
    void readsTheChainsOfOneTable() {
        MessageReader chain = reader(out -> {
            out.string(1, "nat");
            out.string(3, "KUBE-SERVICES");
        });

        assertThat(TableDump.chain(chain, "nat")).contains("KUBE-SERVICES");
        assertThat(TableDump.chain(chain, "filter")).isEmpty();
    }

    @Test
    void readsMapsOfVerdictsAndTheirTargets() {
        assertThat(TableDump.verdictMap(reader(out -> {
                    out.string(2, "m");
                    out.u32(6, 0xffffff00);
                })))
                .contains("m");
        assertThat(TableDump.verdictMap(reader(out -> out.string(2, "s")))).isEmpty();
        assertThat(TableDump.targets(reader(out -> nested(
                        out,
                        3,
                        () -> nested(
                                out, 1, () -> nested(out, 2, () -> nested(out, 2, () -> out.string(2, "KUBE-A"))))))))
                .containsExactly("KUBE-A");
    }

    @Test
    void mutatedRulesThrowOnlyTheExceptionOfTheCodec() {
        byte[] good = bytes(TableDumpTest::rule);
        Random random = new Random(20);
        int malformed = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bad = good.clone();
            for (int j = random.nextInt(6); j >= 0; j--) {
                bad[4 + random.nextInt(bad.length - 4)] = (byte) random.nextInt();
            }
            try {
                MessageReader reader = reader(bad);
                RawRule _ = TableDump.rule(reader);
                TableDump.chain(reader, "nat");
                TableDump.verdictMap(reader);
                TableDump.targets(reader);
            } catch (MalformedMessageException _) {
                malformed++;
            }
        }
        assertThat(malformed).isBetween(MUTATIONS / 10, MUTATIONS * 9 / 10);
    }

    @Test
    void requestsTheRulesOfOneChain() {
        MessageWriter out = MessageWriter.onHeap(64);
        TableDump.request(out, TableDump.GET_RULE, IpFamily.IPV4, 3, Map.of(1, "nat", 2, "KUBE-SERVICES"));

        assertThat(out.size()).isEqualTo(16 + 4 + 8 + 20);
        assertThat(new MessageReader(out.written()).next()).isTrue();
    }
}

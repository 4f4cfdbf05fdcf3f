package io.fairlead.agent.xtables;

import io.fairlead.iptables.kernel.RawTables.RawRule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Messages that list what a table of nf_tables holds (linux/netfilter/nf_tables.h; the same since kernel 4.9). */
final class TableDump {
    static final int GET_CHAIN = 4;
    static final int GET_RULE = 7;
    static final int GET_SET = 10;
    static final int GET_ELEMENTS = 13;

    /** NFTA_CHAIN_TABLE, NFTA_RULE_TABLE, NFTA_SET_TABLE and NFTA_SET_ELEM_LIST_TABLE. */
    static final int TABLE = 1;
    /** NFTA_RULE_CHAIN and NFTA_SET_ELEM_LIST_SET. */
    static final int CHAIN_OR_SET = 2;

    private static final int SUBSYSTEM = 10;
    private static final int REQUEST_DUMP = 1 | 0x300;
    private static final int INTERRUPTED = 0x10;
    private static final int ERROR = 2;
    private static final int DONE = 3;
    private static final int HEADER = 16;
    private static final int GENERIC_HEADER = 4;

    private static final int CHAIN_NAME = 3;
    private static final int RULE_EXPRESSIONS = 4;
    private static final int RULE_USER_DATA = 7;
    private static final int EXPRESSION_NAME = 1;
    private static final int EXPRESSION_DATA = 2;
    private static final int IMMEDIATE_DATA = 2;
    private static final int DATA_VERDICT = 2;
    private static final int VERDICT_CHAIN = 2;
    private static final int MATCH_NAME = 1;
    private static final int MATCH_INFO = 3;
    private static final int LOOKUP_SET = 1;
    private static final int SET_NAME = 2;
    private static final int SET_DATA_TYPE = 6;
    private static final int ELEMENTS = 3;
    private static final int ELEMENT_DATA = 2;
    /** NFT_DATA_VERDICT. */
    private static final long VERDICTS = 0xffff_ff00L;

    private TableDump() {}

    /**
     * One datagram of an answer.
     *
     * @param objects the attributes of each object
     * @param ended nothing more will come
     * @param interrupted something has changed meanwhile, so that the answer may lack objects
     * @param error errno if the kernel has refused, else 0
     */
    record Answer(List<Attributes> objects, boolean ended, boolean interrupted, int error) {}

    /** Asks for all objects of a kind; {@code values} has the texts that choose among them. */
    static byte[] request(int kind, byte family, Map<Integer, String> values) {
        int length = HEADER + GENERIC_HEADER;
        Map<Integer, byte[]> attributes = new TreeMap<>();
        for (Map.Entry<Integer, String> value : values.entrySet()) {
            byte[] text = (value.getValue() + '\0').getBytes(StandardCharsets.UTF_8);
            attributes.put(value.getKey(), text);
            length += aligned(4 + text.length);
        }
        ByteBuffer request = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        request.putInt(length)
                .putShort((short) (SUBSYSTEM << 8 | kind))
                .putShort((short) REQUEST_DUMP)
                .putInt(1)
                .putInt(0)
                .put(family)
                .put((byte) 0)
                .putShort((short) 0);
        attributes.forEach((type, text) -> {
            request.putShort((short) (4 + text.length))
                    .putShort((short) (int) type)
                    .put(text);
            request.position(aligned(request.position()));
        });
        return request.array();
    }

    static Answer answer(byte[] datagram, int length) {
        List<Attributes> objects = new ArrayList<>();
        boolean ended = false;
        boolean interrupted = false;
        int error = 0;
        ByteBuffer buffer = ByteBuffer.wrap(datagram, 0, length).order(ByteOrder.nativeOrder());
        int start = 0;
        while (start + HEADER <= length) {
            int size = buffer.getInt(start);
            if (size < HEADER || size > length - start) {
                break;
            }
            int type = buffer.getShort(start + 4) & 0xffff;
            interrupted |= (buffer.getShort(start + 6) & INTERRUPTED) != 0;
            if (type == DONE || type == ERROR) {
                ended = true;
                error = type == ERROR && size >= HEADER + Integer.BYTES ? -buffer.getInt(start + HEADER) : error;
            } else if (type >> 8 == SUBSYSTEM && size >= HEADER + GENERIC_HEADER) {
                objects.add(
                        Attributes.of(buffer.slice(start + HEADER + GENERIC_HEADER, size - HEADER - GENERIC_HEADER)));
            }
            start += aligned(size);
        }
        return new Answer(objects, ended, interrupted, error);
    }

    /** The name of a chain of this table. */
    static Optional<String> chain(Attributes chain, String table) {
        return chain.text(TABLE).equals(table) ? Optional.of(chain.text(CHAIN_NAME)) : Optional.empty();
    }

    static RawRule rule(Attributes rule) {
        String leadsTo = "";
        String comment = comment(rule);
        List<String> sets = new ArrayList<>();
        for (Attributes expression : rule.list(RULE_EXPRESSIONS)) {
            Attributes data = expression.inside(EXPRESSION_DATA);
            switch (expression.text(EXPRESSION_NAME)) {
                case "immediate" -> leadsTo = verdictChain(data.inside(IMMEDIATE_DATA));
                case "lookup" -> sets.add(data.text(LOOKUP_SET));
                case "match" -> {
                    if (data.text(MATCH_NAME).equals("comment")) {
                        comment = data.text(MATCH_INFO);
                    }
                }
                default -> {}
            }
        }
        return new RawRule(leadsTo, comment, sets);
    }

    /** As nft keeps it: among the data that the kernel does not look at, a type, a length and a value each. */
    private static String comment(Attributes rule) {
        ByteBuffer data = rule.value(RULE_USER_DATA).orElse(ByteBuffer.allocate(0));
        int at = 0;
        while (at + 2 <= data.limit()) {
            int size = data.get(at + 1) & 0xff;
            if (at + 2 + size > data.limit()) {
                break;
            }
            if (data.get(at) == 0) {
                return Attributes.text(data.slice(at + 2, size));
            }
            at += 2 + size;
        }
        return "";
    }

    private static String verdictChain(Attributes data) {
        return data.inside(DATA_VERDICT).text(VERDICT_CHAIN);
    }

    /** The name of a set, if it is a map of verdicts. */
    static Optional<String> verdictMap(Attributes set) {
        return set.number(SET_DATA_TYPE) == VERDICTS ? Optional.of(set.text(SET_NAME)) : Optional.empty();
    }

    /** The chains that a map's elements lead to. */
    static List<String> targets(Attributes elements) {
        return elements.list(ELEMENTS).stream()
                .map(element -> verdictChain(element.inside(ELEMENT_DATA)))
                .filter(chain -> !chain.isEmpty())
                .toList();
    }

    private static int aligned(int size) {
        return size + 3 & ~3;
    }
}

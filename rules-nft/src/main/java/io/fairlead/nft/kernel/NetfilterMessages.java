package io.fairlead.nft.kernel;

import io.fairlead.core.net.IpFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The messages of nf_tables that report changes (linux/netfilter/nf_tables.h; the same since kernel 4.9). */
final class NetfilterMessages {
    private static final int NEW_CHAIN = 3;
    private static final int DELETE_CHAIN = 5;
    private static final int NEW_RULE = 6;
    private static final int DELETE_RULE = 8;
    private static final int NEW_GENERATION = 15;
    private static final int GET_GENERATION = 16;
    private static final int SUBSYSTEM = 10;
    private static final int REQUEST = 1;
    private static final int HEADER = 16;
    private static final int GENERIC_HEADER = 4;
    private static final int ATTRIBUTE_HEADER = 4;
    private static final int TYPE_MASK = 0x3fff;

    /** NFT_MSG_DEL of a table, chain, rule, set, element, object and flowtable. */
    private static final Set<Integer> GOING = Set.of(2, DELETE_CHAIN, DELETE_RULE, 11, 14, 20, 24);

    /** NFPROTO_IPV4. */
    private static final byte IPV4 = 2;
    /** NFPROTO_IPV6. */
    private static final byte IPV6 = 10;

    /** NFTA_GEN_ID; in every message about an object, the name of its table. */
    private static final int FIRST = 1;
    /** NFTA_GEN_PROC_PID. */
    private static final int PROCESS = 2;
    /** NFTA_GEN_PROC_NAME. */
    private static final int PROCESS_NAME = 3;
    /** NFTA_RULE_CHAIN. */
    private static final int CHAIN_OF_RULE = 2;
    /** NFTA_CHAIN_NAME. */
    private static final int CHAIN_NAME = 3;

    private NetfilterMessages() {}

    /** The content of a message. */
    sealed interface Message {
        /**
         * A transaction has ended; this is its number.
         *
         * @param program the name of the process that made it; "" if the kernel does not say
         * @param processId 0 if the kernel does not say
         */
        record Generation(long id, String program, long processId) implements Message {}

        /** An object of a table was added or deleted. */
        record Changed(TableEvent event) implements Message {}

        /** A message that is not needed here. */
        record Other() implements Message {}
    }

    /** Returns a request for the generation. */
    static byte[] generationRequest() {
        return ByteBuffer.allocate(HEADER + GENERIC_HEADER)
                .order(ByteOrder.nativeOrder())
                .putInt(HEADER + GENERIC_HEADER)
                .putShort((short) (SUBSYSTEM << 8 | GET_GENERATION))
                .putShort((short) REQUEST)
                .putInt(1)
                .putInt(0)
                .putInt(0)
                .array();
    }

    /** Returns all messages of a datagram. */
    static List<Message> parse(byte[] datagram, int length) {
        List<Message> messages = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(datagram, 0, length).order(ByteOrder.nativeOrder());
        int start = 0;
        while (start + HEADER <= length) {
            int size = buffer.getInt(start);
            if (size < HEADER || start + size > length) {
                break;
            }
            messages.add(message(buffer, start, size));
            start += aligned(size);
        }
        return messages;
    }

    private static Message message(ByteBuffer buffer, int start, int size) {
        int type = buffer.getShort(start + 4) & 0xffff;
        if (type >> 8 != SUBSYSTEM || size < HEADER + GENERIC_HEADER) {
            return new Message.Other();
        }
        Map<Integer, ByteBuffer> attributes = attributes(buffer, start + HEADER + GENERIC_HEADER, start + size);
        ByteBuffer first = attributes.get(FIRST);
        if (first == null) {
            return new Message.Other();
        }
        int what = type & 0xff;
        return what == NEW_GENERATION
                ? generation(number(first), attributes)
                : new Message.Changed(new TableEvent(
                        family(buffer.get(start + HEADER)),
                        text(first),
                        chain(what, attributes),
                        GOING.contains(what)));
    }

    private static Optional<IpFamily> family(byte number) {
        return switch (number) {
            case IPV4 -> Optional.of(IpFamily.IPV4);
            case IPV6 -> Optional.of(IpFamily.IPV6);
            default -> Optional.empty();
        };
    }

    private static String chain(int what, Map<Integer, ByteBuffer> attributes) {
        ByteBuffer name = switch (what) {
            case NEW_CHAIN, DELETE_CHAIN -> attributes.get(CHAIN_NAME);
            case NEW_RULE, DELETE_RULE -> attributes.get(CHAIN_OF_RULE);
            default -> null;
        };
        return name == null ? "" : text(name);
    }

    private static Map<Integer, ByteBuffer> attributes(ByteBuffer buffer, int from, int end) {
        Map<Integer, ByteBuffer> attributes = new HashMap<>();
        int start = from;
        while (start + ATTRIBUTE_HEADER <= end) {
            int size = buffer.getShort(start) & 0xffff;
            if (size < ATTRIBUTE_HEADER || start + size > end) {
                break;
            }
            attributes.put(
                    buffer.getShort(start + 2) & TYPE_MASK,
                    buffer.slice(start + ATTRIBUTE_HEADER, size - ATTRIBUTE_HEADER));
            start += aligned(size);
        }
        return attributes;
    }

    private static Message generation(long id, Map<Integer, ByteBuffer> attributes) {
        ByteBuffer process = attributes.get(PROCESS);
        ByteBuffer name = attributes.get(PROCESS_NAME);
        return new Message.Generation(id, name == null ? "" : text(name), process == null ? 0 : number(process));
    }

    /** Reads a number in network order. */
    private static long number(ByteBuffer value) {
        return value.remaining() < 4 ? 0 : value.order(ByteOrder.BIG_ENDIAN).getInt(value.position()) & 0xffff_ffffL;
    }

    private static String text(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.get(value.position(), bytes);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    private static int aligned(int size) {
        return size + 3 & ~3;
    }
}

package io.fairlead.agent.xtables;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The attributes of a netlink message, or of one of its attributes: each has a length, a type and a value, and begins
 * at a multiple of four (linux/netlink.h). What does not fit is left out.
 */
record Attributes(List<Attribute> all) {
    private static final int HEADER = 4;
    private static final int TYPE_MASK = 0x3fff;

    record Attribute(int type, ByteBuffer value) {}

    static Attributes of(ByteBuffer bytes) {
        List<Attribute> all = new ArrayList<>();
        ByteBuffer buffer = bytes.slice().order(ByteOrder.nativeOrder());
        int start = 0;
        while (start + HEADER <= buffer.limit()) {
            int size = buffer.getShort(start) & 0xffff;
            if (size < HEADER || start + size > buffer.limit()) {
                break;
            }
            all.add(new Attribute(buffer.getShort(start + 2) & TYPE_MASK, buffer.slice(start + HEADER, size - HEADER)));
            start += size + 3 & ~3;
        }
        return new Attributes(all);
    }

    Optional<ByteBuffer> value(int type) {
        return all.stream()
                .filter(attribute -> attribute.type() == type)
                .map(Attribute::value)
                .findFirst();
    }

    /** What is inside an attribute; nothing if there is none. */
    Attributes inside(int type) {
        return value(type).map(Attributes::of).orElse(new Attributes(List.of()));
    }

    /** The elements of a list. */
    List<Attributes> list(int type) {
        return inside(type).all().stream().map(element -> of(element.value())).toList();
    }

    /** A text up to its zero; "" if there is none. */
    String text(int type) {
        return value(type).map(Attributes::text).orElse("");
    }

    /** A number in network order; 0 if there is none. */
    long number(int type) {
        return value(type)
                .filter(value -> value.limit() >= Integer.BYTES)
                .map(value -> value.order(ByteOrder.BIG_ENDIAN).getInt(0) & 0xffff_ffffL)
                .orElse(0L);
    }

    static String text(ByteBuffer value) {
        int end = 0;
        while (end < value.limit() && value.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end];
        value.get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

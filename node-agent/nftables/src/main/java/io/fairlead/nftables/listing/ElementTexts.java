package io.fairlead.nftables.listing;

import io.fairlead.nftables.read.Bytes;
import io.fairlead.nftables.read.RawElement;
import io.fairlead.nftables.read.RawSet;
import io.fairlead.nftables.read.RawVerdict;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the elements of a set or map, in the order of their keys. */
final class ElementTexts {
    private static final int WORD = 4;

    private final RawSet set;
    private final Words words;
    private final List<Integer> types;
    private final List<Integer> lengths;
    /**
     * Whether this set stores a number in the byte order that the type of the number has in rules. If false, the set
     * stores all numbers in network byte order. This is so in each set with intervals.
     */
    private final boolean host;

    private final int shift;

    /**
     * Creates a writer for the elements of a set.
     *
     * @param shift the number of bits by which the keys in the kernel are shifted to the left; the texts have the keys
     *     without the shift
     */
    ElementTexts(RawSet set, Words words, int shift) {
        this.set = set;
        this.words = words;
        this.shift = shift;
        this.types = Words.parts(set.keyType());
        this.lengths = lengths(types, set.fields(), set.keyLength());
        this.host = !set.hasIntervals() && !(types.size() == 1 && set.isNetworkOrder());
    }

    /** Returns the lengths of the parts of a key; an empty list if they are not known. */
    private static List<Integer> lengths(List<Integer> types, List<Integer> known, int total) {
        if (types.size() <= 1) {
            return List.of(total);
        }
        if (known.size() == types.size()) {
            return known;
        }
        List<Integer> lengths = new ArrayList<>();
        int rest = total;
        int open = -1;
        for (int type : types) {
            int length = Words.length(type);
            if (length == 0) {
                if (open >= 0) {
                    return List.of();
                }
                open = lengths.size();
            }
            lengths.add(length);
            rest -= padded(length);
        }
        if (open >= 0) {
            lengths.set(open, rest);
        }
        return rest < 0 || (open < 0 && rest != 0) ? List.of() : lengths;
    }

    private static int padded(int length) {
        return length + WORD - 1 & -WORD;
    }

    List<String> of(List<RawElement> elements) {
        List<String> texts = new ArrayList<>(elements.size());
        boolean boundaries = set.hasIntervals() && set.fields().size() <= 1 && types.size() <= 1;
        List<RawElement> sorted = new ArrayList<>(elements);
        sorted.removeIf(RawElement::others);
        sorted.sort(Comparator.comparing((RawElement element) -> ordered(element.key()))
                .thenComparing(element -> !element.ends()));
        if (boundaries) {
            intervals(sorted, texts);
        } else {
            for (RawElement element : sorted) {
                texts.add(key(element) + rest(element));
            }
        }
        elements.stream().filter(RawElement::others).forEach(element -> texts.add("*" + rest(element)));
        return texts;
    }

    private BigInteger ordered(Bytes key) {
        return host && types.size() == 1 && isHost(types.getFirst())
                ? BigInteger.valueOf(key.number(true))
                : new BigInteger(1, key.array());
    }

    /**
     * Writes the ranges of a set whose keys have one part. For each range, the kernel has an element with the first
     * key, and an end element with the first key after the range. A range without an end element includes the highest
     * key.
     */
    private void intervals(List<RawElement> sorted, List<String> texts) {
        RawElement first = null;
        for (RawElement element : sorted) {
            if (first != null) {
                texts.add(range(first.key(), before(element.key())) + rest(first));
            }
            first = element.ends() ? null : element;
        }
        if (first != null) {
            texts.add(range(first.key(), highest(first.key().length())) + rest(first));
        }
    }

    private static Bytes before(Bytes key) {
        return Bytes.of(new BigInteger(1, key.array()).subtract(BigInteger.ONE), key.length());
    }

    private static Bytes highest(int length) {
        return Bytes.of(BigInteger.ONE.negate(), length);
    }

    private String range(Bytes first, Bytes last) {
        return range(types.isEmpty() ? 0 : types.getFirst(), first, last);
    }

    private String range(int type, Bytes first, Bytes last) {
        if (first.equals(last)) {
            return value(type, first);
        }
        boolean address = type == Words.IPV4 || type == Words.IPV6;
        int prefix = first.prefixLength(last);
        if (address && prefix >= 0) {
            return value(type, first) + "/" + prefix;
        }
        if (type == Words.INTERFACE_NAME) {
            return Words.quoted(first.text() + "*");
        }
        return value(type, first) + "-" + value(type, last);
    }

    private String value(int type, Bytes bytes) {
        String text = words.text(type, shift == 0 ? bytes : bytes.shiftedRight(shift), host && isHost(type));
        // A comma would begin the next element.
        return Words.isFlags(type) ? text.replace(",", " | ") : text;
    }

    /** Returns whether values of this type have the machine's byte order in a rule. */
    static boolean isHost(int type) {
        return switch (type) {
            case Words.INTEGER,
                    Words.MARK,
                    Words.INTERFACE_INDEX,
                    21,
                    22,
                    23,
                    Words.USER,
                    Words.GROUP,
                    Words.CT_STATE,
                    Words.CT_STATUS,
                    Words.ADDRESS_KIND,
                    35,
                    Words.TIME,
                    Words.HOUR,
                    40,
                    46 -> true;
            default -> false;
        };
    }

    private String key(RawElement element) {
        if (lengths.isEmpty()) {
            // nft knows the lengths of these parts from a "typeof" expression that it stores with the set.
            return String.join(
                    " . ",
                    types.stream().map(type -> "[" + element.key().hex() + "]").toList());
        }
        if (types.size() <= 1) {
            Bytes last = element.last();
            return last == null
                    ? value(types.isEmpty() ? 0 : types.getFirst(), element.key())
                    : range(element.key(), last);
        }
        return parts(element.key(), element.last());
    }

    private String parts(Bytes key, @Nullable Bytes last) {
        List<String> texts = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < types.size(); i++) {
            Bytes first = key.part(at, lengths.get(i));
            texts.add(
                    last == null
                            ? value(types.get(i), first)
                            : range(types.get(i), first, last.part(at, lengths.get(i))));
            at += padded(lengths.get(i));
        }
        return String.join(" . ", texts);
    }

    private String rest(RawElement element) {
        String comment = element.comment().isEmpty() ? "" : " comment " + Words.quoted(element.comment());
        RawVerdict verdict = element.verdict();
        if (verdict != null) {
            return comment + " : " + verdict.text();
        }
        if (!element.object().isEmpty()) {
            return comment + " : " + Words.quoted(element.object());
        }
        return element.data() == null ? comment : comment + " : " + data(element.data());
    }

    private String data(Bytes data) {
        List<Integer> parts = Words.parts(set.dataType());
        if (parts.size() <= 1) {
            int type = parts.isEmpty() ? 0 : parts.getFirst();
            return words.text(type, data, isHost(type));
        }
        List<Integer> each = lengths(parts, List.of(), set.dataLength());
        if (each.isEmpty()) {
            return "[" + data.hex() + "]";
        }
        List<String> texts = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < parts.size(); i++) {
            texts.add(words.text(parts.get(i), data.part(at, each.get(i)), isHost(parts.get(i))));
            at += padded(each.get(i));
        }
        return String.join(" . ", texts);
    }
}

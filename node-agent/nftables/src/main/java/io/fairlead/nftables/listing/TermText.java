package io.fairlead.nftables.listing;

import io.fairlead.nftables.read.Bytes;
import java.util.List;
import java.util.stream.Collectors;

/** Writes values and matches of a rule. */
final class TermText {
    private static final int EQUAL = 0;
    private static final int UNEQUAL = 1;
    private static final int AT_MOST = 3;
    private static final int AT_LEAST = 5;
    private static final String[] OPERATORS = {" ", " != ", " < ", " <= ", " > ", " >= "};

    private final Line line;
    private final Words words;
    private final Tally tally;
    private Match last = new Match(new Term.Unknown(""), -1, Bytes.NONE, -1);

    /** A comparison that was written. */
    private record Match(Term left, int operator, Bytes right, int place) {}

    /**
     * A value as text, with the type and the byte order in which a constant is written that it is compared with. The
     * type is 0 if it is not known.
     */
    record Shown(String text, int type, boolean host) {}

    TermText(Line line, Words words, Tally tally) {
        this.line = line;
        this.words = words;
        this.tally = tally;
    }

    String all(List<Term> terms) {
        return terms.stream().map(term -> show(term).text()).collect(Collectors.joining(" . "));
    }

    /** Returns the text of a value. A constant is written as a constant of the given type. */
    String as(Term term, int type, boolean host) {
        return term instanceof Term.Constant(Bytes bytes)
                ? words.text(type, bytes, host)
                : show(term).text();
    }

    Shown show(Term term) {
        return switch (term) {
            case Term.Payload payload -> payload(payload);
            case Term.Named(String text, int type, var _, boolean host) -> new Shown(text, type, host);
            case Term.Constant(Bytes bytes) -> new Shown(bytes.hex(), 0, false);
            case Term.Masked masked -> masked(masked);
            case Term.Shifted(Term inner, boolean left, int bits) -> {
                Shown shown = show(inner);
                yield new Shown("(" + shown.text() + (left ? " << " : " >> ") + bits + ")", shown.type(), shown.host());
            }
            case Term.Hashed(List<Term> of, String rest) -> new Shown("jhash " + all(of) + rest, Words.INTEGER, true);
            case Term.Turned(Term inner) -> {
                Shown shown = show(inner);
                yield new Shown(shown.text(), shown.type(), false);
            }
            case Term.Mapped(List<Term> key, ListedSet map) ->
                new Shown(all(key) + " map " + reference(key, map), map.raw().dataType(), true);
            case Term.Unknown(String name) -> new Shown(tally.unknown(name), 0, false);
        };
    }

    private Shown payload(Term.Payload payload) {
        Headers.Field field = line.read(payload, payload.offset() * Byte.SIZE, payload.length() * Byte.SIZE);
        return field == null ? new Shown(raw(payload), 0, false) : new Shown(field.name(), field.type(), false);
    }

    private static String raw(Term.Payload payload) {
        String base = switch (payload.base()) {
            case Headers.LINK -> "@ll";
            case Headers.NETWORK -> "@nh";
            case Headers.TRANSPORT -> "@th";
            default -> "@ih";
        };
        return base + "," + payload.offset() * Byte.SIZE + "," + payload.length() * Byte.SIZE;
    }

    private Shown masked(Term.Masked masked) {
        Headers.Field field = part(masked.term(), masked.mask());
        if (field != null && masked.flip().isZero()) {
            return new Shown(field.name(), field.type(), false);
        }
        Shown inner = show(masked.term());
        String mask = words.text(inner.type(), masked.mask(), inner.host());
        String flip = masked.flip().isZero() ? "" : words.text(inner.type(), masked.flip(), inner.host());
        boolean onlyOr = masked.mask().inverted().equals(masked.flip());
        String text = onlyOr && !flip.isEmpty()
                ? inner.text() + " | " + flip
                : masked.mask().isAll((byte) -1)
                        ? inner.text() + " ^ " + flip
                        : inner.text() + " & " + mask + (flip.isEmpty() ? "" : " ^ " + flip);
        return new Shown(text, inner.type(), inner.host());
    }

    /** Returns the field that consists of the bits of a mask; null if there is none. */
    private Headers.@org.jspecify.annotations.Nullable Field part(Term term, Bytes mask) {
        int ones = mask.ones();
        if (!(term instanceof Term.Payload payload) || ones <= 0 || ones == mask.length() * Byte.SIZE) {
            return null;
        }
        return line.read(payload, payload.offset() * Byte.SIZE + mask.leadingZeros(), ones);
    }

    /** Returns the assignment of some bits of the packet: those that the mask does not keep. */
    String assignedPart(Term.Payload payload, Bytes kept, Bytes value) {
        Bytes changed = kept.inverted();
        Headers.Field field = part(payload, changed);
        return field == null
                ? raw(payload) + " set " + raw(payload) + " & " + kept.hex() + " ^ " + value.hex()
                : field.name() + " set " + words.text(field.type(), value.shiftedRight(changed.trailingZeros()), false);
    }

    /** Writes the comparison of a value with a constant. */
    void compare(Term left, int operator, Bytes right) {
        if (operator == AT_MOST
                && last.operator() == AT_LEAST
                && last.place() == line.size()
                && last.left().equals(left)) {
            Shown shown = show(left);
            line.replaceLast(shown.text() + " " + words.text(shown.type(), last.right(), shown.host()) + "-"
                    + words.text(shown.type(), right, shown.host()));
            return;
        }
        Headers.Field first = operator == EQUAL && left instanceof Term.Payload payload ? line.firstOf(payload) : null;
        if (first != null) {
            compareFields((Term.Payload) left, first.length() / Byte.SIZE, right);
            return;
        }
        String text = comparison(left, operator, right);
        if (operator == EQUAL) {
            line.addMatch(text, left, right);
        } else {
            line.add(text);
        }
        last = new Match(left, operator, right, line.size());
    }

    /** Writes one comparison for each of several adjacent fields, which nft compares with one expression. */
    private void compareFields(Term.Payload payload, int length, Bytes right) {
        compare(new Term.Payload(payload.base(), payload.offset(), length), EQUAL, right.part(0, length));
        int rest = payload.length() - length;
        compare(new Term.Payload(payload.base(), payload.offset() + length, rest), EQUAL, right.part(length, rest));
    }

    void range(Term left, boolean negated, Bytes from, Bytes to) {
        Shown shown = show(left);
        line.add(shown.text() + (negated ? " != " : " ") + words.text(shown.type(), from, shown.host()) + "-"
                + words.text(shown.type(), to, shown.host()));
    }

    private String comparison(Term left, int operator, Bytes right) {
        String sign = operator >= 0 && operator < OPERATORS.length
                ? OPERATORS[operator]
                : " " + tally.unknown("operator-" + operator) + " ";
        if (left instanceof Term.Masked masked && masked.flip().isZero()) {
            return maskedComparison(masked, operator, sign, right);
        }
        Headers.Field address = left instanceof Term.Payload payload ? line.addressFrom(payload) : null;
        if (address != null) {
            return address.name() + sign + words.text(address.type(), right, false) + "/" + right.length() * Byte.SIZE;
        }
        Shown shown = show(left);
        if (shown.type() == 0 && !(left instanceof Term.Unknown)) {
            return shown.text() + sign + "0x" + new java.math.BigInteger(1, right.array()).toString(16);
        }
        String constant = words.text(shown.type(), right, shown.host());
        if ((shown.type() == Words.IPV4 || shown.type() == Words.IPV6) && right.length() < Words.length(shown.type())) {
            constant += "/" + right.length() * Byte.SIZE;
        }
        if (left instanceof Term.Unknown && operator == EQUAL) {
            return shown.text() + " == " + right.hex();
        }
        boolean exact = Words.isFlags(shown.type()) && operator == EQUAL;
        return shown.text() + (exact ? " == " : sign) + bits(shown.type(), constant, exact || operator == UNEQUAL);
    }

    /**
     * Returns a constant. If all bits of a type with flags are compared, the names of the bits are joined with "|",
     * because a list with commas means any of the bits. TCP flags are also in parentheses.
     */
    private static String bits(int type, String constant, boolean all) {
        return all && Words.isFlags(type) && constant.indexOf(',') > 0
                ? type == Words.TCP_FLAG ? "(" + constant.replace(",", " | ") + ")" : constant.replace(",", " | ")
                : constant;
    }

    private String maskedComparison(Term.Masked masked, int operator, String sign, Bytes right) {
        Headers.Field field = part(masked.term(), masked.mask());
        if (field != null) {
            Bytes shifted = right.shiftedRight(masked.mask().trailingZeros());
            return field.name() + sign + words.text(field.type(), shifted, false);
        }
        Shown inner = show(masked.term());
        int prefix = masked.mask().prefixLength();
        if ((inner.type() == Words.IPV4 || inner.type() == Words.IPV6) && prefix >= 0) {
            return inner.text() + sign + words.text(inner.type(), right, false) + "/" + prefix;
        }
        String mask = words.text(inner.type(), masked.mask(), inner.host());
        if (Words.isFlags(inner.type()) && right.isZero() && operator == UNEQUAL) {
            return inner.text() + " " + mask;
        }
        if (Words.isFlags(inner.type()) && right.isZero() && operator == EQUAL) {
            return inner.text() + " ! " + mask;
        }
        String constant = words.text(inner.type(), right, inner.host());
        if (inner.type() == Words.TCP_FLAG && operator <= UNEQUAL) {
            return inner.text() + sign + constant + " / " + mask;
        }
        String brackets = mask.indexOf(',') > 0 ? "(" + mask.replace(",", " | ") + ")" : mask;
        return inner.text() + " & " + brackets + (operator == EQUAL ? " == " : sign) + constant;
    }

    String reference(ListedSet set) {
        return set.reference(words, 0);
    }

    /**
     * Returns the text of a set in which a key is looked up. If the key is a field that is only a part of the loaded
     * bytes, the keys of the set are shifted to the position of the field.
     */
    private String reference(List<Term> key, ListedSet set) {
        boolean part = key.size() == 1
                && key.getFirst() instanceof Term.Masked(Term inner, Bytes mask, var _)
                && part(inner, mask) != null;
        return set.reference(words, part ? ((Term.Masked) key.getFirst()).mask().trailingZeros() : 0);
    }

    /** Writes a look-up in a set. */
    void lookUp(List<Term> key, ListedSet set, boolean negated) {
        line.add(all(key) + (negated ? " != " : " ") + reference(key, set));
    }

    void lookUpVerdict(List<Term> key, ListedSet map) {
        line.add(all(key) + " vmap " + reference(key, map));
    }
}

package io.fairlead.explain.walk;

import io.fairlead.core.net.Ip;
import io.fairlead.explain.model.Pattern;
import io.fairlead.explain.model.Value;
import io.fairlead.explain.model.Value.Numeric;

/** Compares values with patterns. If a value is known only as a range, the result may be {@link Truth#UNKNOWN}. */
final class Comparison {
    private Comparison() {}

    static Truth fits(Value value, Pattern pattern) {
        return switch (pattern) {
            case Pattern.One(Value one) -> equal(value, one);
            case Pattern.Range(Value first, Value last) -> within(value, first, last);
            case Pattern.Prefix(var cidr) ->
                value instanceof Value.Address(Ip ip) ? Truth.of(cidr.contains(ip)) : Truth.UNKNOWN;
            case Pattern.Beginning(String text) ->
                value instanceof Value.Name(String name) ? Truth.of(name.startsWith(text)) : Truth.UNKNOWN;
            case Pattern.Unread _ -> Truth.UNKNOWN;
        };
    }

    private static Truth equal(Value value, Value other) {
        if (value instanceof Numeric a && other instanceof Numeric b) {
            return a.known() && b.known()
                    ? Truth.of(a.low() == b.low())
                    : a.high() < b.low() || b.high() < a.low() ? Truth.NO : Truth.UNKNOWN;
        }
        boolean comparable = (value instanceof Value.Address && other instanceof Value.Address)
                || (value instanceof Value.Name && other instanceof Value.Name);
        return comparable ? Truth.of(value.equals(other)) : Truth.UNKNOWN;
    }

    private static Truth within(Value value, Value first, Value last) {
        if (value instanceof Numeric number && first instanceof Numeric low && last instanceof Numeric high) {
            return number.low() >= low.low() && number.high() <= high.high()
                    ? Truth.YES
                    : number.high() < low.low() || number.low() > high.high() ? Truth.NO : Truth.UNKNOWN;
        }
        if (value instanceof Value.Address(Ip ip)
                && first instanceof Value.Address(Ip low)
                && last instanceof Value.Address(Ip high)) {
            return Truth.of(ip.family() == low.family() && ip.compareTo(low) >= 0 && ip.compareTo(high) <= 0);
        }
        return Truth.UNKNOWN;
    }

    /** Returns whether a number is less than another number or, if {@code orEqual}, not greater. */
    static Truth less(Value value, Value other, boolean orEqual) {
        if (!(value instanceof Numeric a) || !(other instanceof Numeric b)) {
            return Truth.UNKNOWN;
        }
        long bound = orEqual ? b.low() : b.low() - 1;
        return a.high() <= bound ? Truth.YES : a.low() > bound ? Truth.NO : Truth.UNKNOWN;
    }

    /** Returns whether at least one of the given bits is set in a value. */
    static Truth anyBit(Value value, long bits) {
        return value instanceof Numeric number && number.known() ? Truth.of((number.low() & bits) != 0) : Truth.UNKNOWN;
    }
}

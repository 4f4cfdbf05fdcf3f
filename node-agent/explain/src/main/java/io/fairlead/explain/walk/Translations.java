package io.fairlead.explain.walk;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.trace.Packet;
import io.fairlead.explain.model.Expression;
import io.fairlead.explain.model.Hook;
import io.fairlead.explain.model.Pattern;
import io.fairlead.explain.model.Statement;
import io.fairlead.explain.model.Value;
import io.fairlead.explain.read.Constants;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Applies the changes that rules make to a packet: to its destination, its mark and the mark of its connection. */
final class Translations {
    private final Evaluation evaluation;
    private final Facts facts;

    Translations(Evaluation evaluation, Facts facts) {
        this.evaluation = evaluation;
        this.facts = facts;
    }

    /** Returns the packet with a new mark. If the new mark is not known, the packet has an unknown mark. */
    State mark(Expression value, State state, BiFunction<State, String, State> met) {
        Optional<Long> mark = number(value, state);
        if (mark.isEmpty()) {
            return met.apply(state, "gets an unknown mark").withUnknownMark();
        }
        int number = (int) mark.get().longValue();
        return number == state.packet().mark()
                ? state
                : met.apply(state, "gets mark 0x" + Integer.toHexString(number)).withMark(number);
    }

    /** Returns the packet with a new mark of its connection. If the new mark is not known, the old mark remains. */
    State connectionMark(Expression value, State state) {
        return number(value, state).map(state::withConnectionMark).orElse(state);
    }

    private Optional<Long> number(Expression expression, State state) {
        List<Evaluation.Possible> values = evaluation.values(expression, state);
        return values.size() == 1
                        && values.getFirst().parts().getFirst() instanceof Value.Numeric number
                        && number.known()
                ? Optional.of(number.low())
                : Optional.empty();
    }

    /**
     * Returns one copy of the packet for each destination that a rule may set.
     *
     * @return an empty list if the destinations are not known; null if a map has no element for the packet, so that the
     *     rule does not match
     */
    @Nullable
    List<Packet> destination(Statement.Dnat dnat, State state) {
        Packet packet = state.packet();
        List<Evaluation.Possible> addresses = dnat.address() == null
                ? List.of(new Evaluation.Possible(
                        List.of(new Value.Address(packet.to().ip())), 1))
                : evaluation.values(dnat.address(), state);
        if (addresses.isEmpty()) {
            return null;
        }
        List<Packet> sent = new ArrayList<>();
        for (Evaluation.Possible address : addresses) {
            Ip ip = ip(address.parts().getFirst(), dnat.address());
            Integer port = address.parts().size() > 1
                    ? port(address.parts().get(1), null)
                    : dnat.port() == null ? Integer.valueOf(packet.to().port()) : port(dnat.port(), state);
            if (ip == null || port == null || port < 1 || port > 65535) {
                return List.of();
            }
            sent.add(packet.withChance(address.chance()).sentTo(new IpPort(ip, port)));
        }
        return sent;
    }

    /** Returns an address; for a range, the first address; null if it is not known. */
    private static @Nullable Ip ip(Value value, @Nullable Expression written) {
        if (value instanceof Value.Address(Ip ip)) {
            return ip;
        }
        return written instanceof Expression.NotUnderstood(String text)
                        && Constants.address(text) instanceof Pattern.Range(Value first, Value _)
                        && first instanceof Value.Address(Ip ip)
                ? ip
                : null;
    }

    private @Nullable Integer port(Expression expression, State state) {
        List<Evaluation.Possible> values = evaluation.values(expression, state);
        return values.isEmpty() ? null : port(values.getFirst().parts().getFirst(), expression);
    }

    /** Returns a port; for a range, the first port; null if it is not known. */
    private static @Nullable Integer port(Value value, @Nullable Expression written) {
        if (value instanceof Value.Numeric number && number.known()) {
            return (int) number.low();
        }
        return written instanceof Expression.NotUnderstood(String text)
                        && Constants.numbers(text, '-', 65535) instanceof Pattern.Range(Value first, Value _)
                        && first instanceof Value.Numeric(long low, long _)
                ? Integer.valueOf((int) low)
                : null;
    }

    /**
     * Returns the packet with an address of this host as its destination; an empty list if the address or the new port
     * is not known.
     */
    List<Packet> redirected(@Nullable Expression port, State state) {
        Packet packet = state.packet();
        Integer to = port == null ? Integer.valueOf(packet.to().port()) : port(port, state);
        Ip here = state.hook() == Hook.OUTPUT ? loopback(packet) : address(packet, state.input());
        return to == null || here == null || to < 1 || to > 65535
                ? List.of()
                : List.of(packet.sentTo(new IpPort(here, to)));
    }

    private static Ip loopback(Packet packet) {
        return Ip.parse(packet.from().family() == IpFamily.IPV4 ? "127.0.0.1" : "::1");
    }

    /**
     * Returns the first address of the input interface in the packet's family. If none is known, returns the lowest
     * address of this host in the family, except loopback addresses; null if there is none.
     */
    private @Nullable Ip address(Packet packet, @Nullable String input) {
        List<Ip> ofDevice =
                input == null ? List.of() : facts.routing().addresses().getOrDefault(input, List.of());
        return ofDevice.stream()
                .filter(ip -> ip.family() == packet.from().family())
                .findFirst()
                .or(() -> facts.host().addresses().stream()
                        .filter(ip -> ip.family() == packet.from().family() && !ip.isLoopback())
                        .sorted()
                        .findFirst())
                .orElse(null);
    }
}

package io.fairlead.explain.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One part of a rule: a match or an action. */
public sealed interface Statement {

    /** The ways in which a rule compares a value with patterns. */
    enum Operator {
        /** At least one pattern fits. */
        IN,
        /** No pattern fits. */
        NOT_IN,
        /** At least one of the bits is set. */
        ANY_BIT,
        /** No bit is set. */
        NO_BIT,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL
    }

    /** Ends the rule if a comparison does not hold. */
    record If(Expression left, Operator operator, Elements right, String text) implements Statement {}

    /** Continues the rule with the probability {@code share}, from 0 to 1, and ends it otherwise. */
    record Chance(double share, String text) implements Statement {}

    /**
     * Ends the rule if no alternative holds; if {@code negated}, ends it if one holds. An example is {@code -m
     * multiport --ports}, which compares the source port or the destination port.
     */
    record IfAny(List<If> alternatives, boolean negated, String text) implements Statement {
        /** Copies the list. */
        public IfAny {
            alternatives = List.copyOf(alternatives);
        }
    }

    /**
     * A match that the first packet of a connection always meets, or an action that the tracer ignores, for example a
     * counter, a log or a comment.
     */
    record Nothing(String text) implements Statement {}

    /**
     * A match that the first packet of a connection never meets. A match on a list of "-m recent" is included: it is
     * assumed that the client is on no list.
     */
    record Never(String text) implements Statement {}

    /** Accepts the packet in this base chain. Other base chains still see it. */
    record Accept() implements Statement {}

    /** Drops the packet. */
    record Drop() implements Statement {}

    /** Rejects the packet. */
    record Reject(String with) implements Statement {}

    /** Returns to the calling chain; in a base chain, applies the policy. */
    record Return() implements Statement {}

    /** Calls another chain. The packet returns to this rule's chain afterwards. */
    record Jump(String chain) implements Statement {}

    /** Continues in another chain. The packet does not return to this rule's chain. */
    record GoTo(String chain) implements Statement {}

    /** Applies the verdict that a map assigns to a key, if the map has the key. */
    record LookUp(Expression key, Elements map) implements Statement {}

    /** Sets the mark of the packet. */
    record SetMark(Expression value) implements Statement {}

    /** Sets the mark of the connection. */
    record SetConnectionMark(Expression value) implements Statement {}

    /** Excludes the packet from connection tracking, so that no chain of type nat sees it. */
    record NoTrack() implements Statement {}

    /**
     * Changes the destination.
     *
     * @param address the new address; null if it does not change
     * @param port the new port; null if it does not change
     */
    record Dnat(@Nullable Expression address, @Nullable Expression port) implements Statement {}

    /** Changes the destination to an address of this host; {@code port} is null if the port does not change. */
    record Redirect(@Nullable Expression port) implements Statement {}

    /** Changes the source. */
    record Snat(String to) implements Statement {}

    /** Changes the source to an address of this host. */
    record Masquerade() implements Statement {}

    /**
     * Sends the packet to a process, which decides what happens to it.
     *
     * @param bypass whether the packet is accepted if no process is connected
     */
    record Queue(String text, boolean bypass) implements Statement {}

    /** Delivers the packet to a socket of this host, whatever its destination is. */
    record ToSocket(String text) implements Statement {}

    /** A match whose meaning is unknown. It is therefore unknown whether the rest of the rule applies. */
    record UnknownMatch(String text) implements Statement {}

    /** An action whose meaning is unknown. It is therefore unknown what happens to the packet. */
    record UnknownAction(String text) implements Statement {}
}

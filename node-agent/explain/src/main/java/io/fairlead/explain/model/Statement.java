package io.fairlead.explain.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One part of a rule: a match, or something that the rule does. */
public sealed interface Statement {

    /** How a rule compares. */
    enum Operator {
        /** One of the patterns fits. */
        IN,
        /** None fits. */
        NOT_IN,
        /** At least one of the bits is set. */
        ANY_BIT,
        /** None of the bits is set. */
        NO_BIT,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL
    }

    /** The packet goes on in the rule only if a comparison holds. */
    record If(Expression left, Operator operator, Elements right, String text) implements Statement {}

    /** The packet goes on in the rule with this probability. */
    record Chance(double share, String text) implements Statement {}

    /** Matches alternatives: {@code -m multiport --ports} matches either port. */
    record IfAny(List<If> alternatives, boolean negated, String text) implements Statement {
        /** Copies the list. */
        public IfAny {
            alternatives = List.copyOf(alternatives);
        }
    }

    /** Changes nothing that decides about the packet: counters, logs, comments. */
    record Nothing(String text) implements Statement {}

    /** Never matches a first packet of a client that is on no list. */
    record Never(String text) implements Statement {}

    /** The packet is accepted in this base chain. */
    record Accept() implements Statement {}

    /** The packet is dropped. */
    record Drop() implements Statement {}

    /** The packet is rejected. */
    record Reject(String with) implements Statement {}

    /** Back to the calling chain, or to the policy. */
    record Return() implements Statement {}

    /** Through another chain, then back. */
    record Jump(String chain) implements Statement {}

    /** To another chain, not back. */
    record GoTo(String chain) implements Statement {}

    /** What a map says of a key, if anything. */
    record LookUp(Expression key, Elements map) implements Statement {}

    /** Sets the mark of the packet. */
    record SetMark(Expression value) implements Statement {}

    /** Sets the mark of the connection. */
    record SetConnectionMark(Expression value) implements Statement {}

    /** No connection is looked up for the packet, so that no rule of type nat sees it. */
    record NoTrack() implements Statement {}

    /**
     * The destination is changed.
     *
     * @param address null if it stays
     * @param port null if it stays
     */
    record Dnat(@Nullable Expression address, @Nullable Expression port) implements Statement {}

    /** The destination becomes an address of this host. */
    record Redirect(@Nullable Expression port) implements Statement {}

    /** The source is changed. */
    record Snat(String to) implements Statement {}

    /** The source becomes an address of this host. */
    record Masquerade() implements Statement {}

    /**
     * A process decides.
     *
     * @param bypass whether the packet is accepted if no process listens
     */
    record Queue(String text, boolean bypass) implements Statement {}

    /** A socket of this host gets the packet, whatever its destination. */
    record ToSocket(String text) implements Statement {}

    /** A match whose meaning is unknown: what follows in the rule may or may not happen. */
    record UnknownMatch(String text) implements Statement {}

    /** An action whose meaning is unknown: the packet may not go on. */
    record UnknownAction(String text) implements Statement {}
}

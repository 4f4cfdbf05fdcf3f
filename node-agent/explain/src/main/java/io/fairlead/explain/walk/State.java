package io.fairlead.explain.walk;

import io.fairlead.core.trace.Packet;
import io.fairlead.core.trace.TraceStep;
import io.fairlead.explain.model.Hook;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A packet at one point of one path, with all data that the rules of any program may read.
 *
 * @param packet the packet in the form that the proxy's own tracer uses
 * @param place where the packet is
 * @param marks what rules have stored about the packet, in addition to its mark
 * @param doubts the uncertain rules that are assumed to match on this path
 */
record State(Packet packet, Place place, Marks marks, Doubts doubts) {

    /**
     * Where a packet is.
     *
     * @param before whether the packet is before connection tracking, and therefore has no connection yet
     * @param input the input interface; "" if there is none, null if it is not known
     * @param output the output interface; "" if there is none, null if it is not known
     */
    record Place(
            Hook hook,
            boolean before,
            @Nullable String input,
            @Nullable String output) {}

    /**
     * What rules have stored about a packet, in addition to the value of its mark.
     *
     * @param connection the connection's mark
     * @param untracked whether a rule excluded the packet from connection tracking
     * @param proxyBits the bits of the packet's mark that the proxy set
     * @param unknown whether a rule set the packet's mark to an unknown value
     */
    record Marks(long connection, boolean untracked, int proxyBits, boolean unknown) {}

    /**
     * The uncertain rules that are assumed to match.
     *
     * @param first the first uncertain rule; null if there is none
     * @param what what is not known about the first uncertain rule
     * @param last the last uncertain rule; null if there is none
     * @param count the number of uncertain rules
     */
    record Doubts(
            @Nullable TraceStep first,
            String what,
            @Nullable TraceStep last,
            int count) {
        private Doubts and(TraceStep rule, String unknown) {
            return first == null ? new Doubts(rule, unknown, rule, 1) : new Doubts(first, what, rule, count + 1);
        }
    }

    /**
     * The greatest number of uncertain rules that are assumed to match on one path. Two are needed for a rule that
     * jumps to a chain and a rule in that chain. The time grows with the number of uncertain rules to the power of this
     * limit.
     */
    private static final int MOST_DOUBTS = 2;

    static State of(Packet packet, @Nullable String input) {
        return new State(
                packet,
                new Place(Hook.PREROUTING, true, input, ""),
                new Marks(0, false, 0, false),
                new Doubts(null, "", null, 0));
    }

    State with(Packet next) {
        return new State(next, place, marks, doubts);
    }

    private State with(Marks next) {
        return new State(packet, place, next, doubts);
    }

    State at(Hook next, boolean beforeTracking, @Nullable String in, @Nullable String out) {
        return new State(packet, new Place(next, beforeTracking, in, out), marks, doubts);
    }

    State tracked() {
        return at(hook(), false, input(), output());
    }

    State excluded() {
        return with(new Marks(marks.connection, true, marks.proxyBits, marks.unknown));
    }

    State withConnectionMark(long mark) {
        return with(new Marks(mark, marks.untracked, marks.proxyBits, marks.unknown));
    }

    State withMark(int mark) {
        return with(packet.withMark(mark))
                .with(new Marks(marks.connection, marks.untracked, marks.proxyBits & mark, false));
    }

    State withUnknownMark() {
        return with(new Marks(marks.connection, marks.untracked, marks.proxyBits, true));
    }

    /** Returns the state after the proxy's own tracer has followed the packet through chains of the proxy. */
    State afterProxy(Packet next) {
        int set = next.mark() & ~packet.mark();
        int proxyBits = (marks.proxyBits | set) & next.mark();
        return with(next).with(new Marks(marks.connection, marks.untracked, proxyBits, marks.unknown));
    }

    boolean mayBeDoubted() {
        return doubts.count < MOST_DOUBTS;
    }

    /** Returns the state in which an uncertain rule is assumed to match. */
    State doubting(TraceStep rule, String what) {
        return new State(packet, place, marks, doubts.and(rule, what));
    }

    /** Returns this state with the steps of an earlier state. */
    State withStepsOf(State earlier) {
        return with(new Packet(
                packet.flow(),
                packet.input(),
                packet.to(),
                packet.translated(),
                packet.accepted(),
                packet.masqueraded(),
                packet.mark(),
                packet.share(),
                earlier.packet.lastStep()));
    }

    Hook hook() {
        return place.hook;
    }

    boolean before() {
        return place.before;
    }

    @Nullable
    String input() {
        return place.input;
    }

    @Nullable
    String output() {
        return place.output;
    }

    boolean untracked() {
        return marks.untracked;
    }

    List<TraceStep> steps() {
        return packet.steps();
    }
}

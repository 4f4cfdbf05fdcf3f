package io.fairlead.explain.walk;

import io.fairlead.core.trace.Packet;
import io.fairlead.core.trace.TraceStep;
import io.fairlead.explain.model.Hook;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A packet at one point of one path, with everything that rules of any program ask.
 *
 * @param packet what the chains of the proxy see
 * @param hook the hook at which it is
 * @param before whether its connection was not looked up yet, so that it has none
 * @param input the input interface: "" for none, null if it is not known
 * @param output the output interface: "" for none, null if it is not known
 * @param connectionMark the mark of its connection
 * @param untracked whether a rule excluded it from connection tracking
 * @param proxyBits the bits of the mark that the proxy set
 * @param unknownMark whether a rule set the mark to an unknown value
 * @param doubt the first rule that is taken to match although that is not known; null if there is none
 * @param doubted what is not known of that rule
 * @param lastDoubt the last such rule
 * @param doubts how many there are
 */
record State(
        Packet packet,
        Hook hook,
        boolean before,
        @Nullable String input,
        @Nullable String output,
        long connectionMark,
        boolean untracked,
        int proxyBits,
        boolean unknownMark,
        @Nullable TraceStep doubt,
        String doubted,
        @Nullable TraceStep lastDoubt,
        int doubts) {
    /**
     * How many uncertain rules are taken to match on one path: a rule that leads to a chain, and a rule in that chain.
     * More would need a time that grows with a power of the number of such rules.
     */
    private static final int MOST_DOUBTS = 2;

    static State of(Packet packet, @Nullable String input) {
        return new State(packet, Hook.PREROUTING, true, input, "", 0, false, 0, false, null, "", null, 0);
    }

    State with(Packet next) {
        return new State(
                next,
                hook,
                before,
                input,
                output,
                connectionMark,
                untracked,
                proxyBits,
                unknownMark,
                doubt,
                doubted,
                lastDoubt,
                doubts);
    }

    State at(Hook next, boolean beforeTracking, @Nullable String in, @Nullable String out) {
        return new State(
                packet,
                next,
                beforeTracking,
                in,
                out,
                connectionMark,
                untracked,
                proxyBits,
                unknownMark,
                doubt,
                doubted,
                lastDoubt,
                doubts);
    }

    State tracked() {
        return at(hook, false, input, output);
    }

    State excluded() {
        return new State(
                packet,
                hook,
                before,
                input,
                output,
                connectionMark,
                true,
                proxyBits,
                unknownMark,
                doubt,
                doubted,
                lastDoubt,
                doubts);
    }

    State withConnectionMark(long mark) {
        return new State(
                packet,
                hook,
                before,
                input,
                output,
                mark,
                untracked,
                proxyBits,
                unknownMark,
                doubt,
                doubted,
                lastDoubt,
                doubts);
    }

    State withMark(int mark) {
        return new State(
                packet.withMark(mark),
                hook,
                before,
                input,
                output,
                connectionMark,
                untracked,
                proxyBits & mark,
                false,
                doubt,
                doubted,
                lastDoubt,
                doubts);
    }

    State withUnknownMark() {
        return new State(
                packet,
                hook,
                before,
                input,
                output,
                connectionMark,
                untracked,
                proxyBits,
                true,
                doubt,
                doubted,
                lastDoubt,
                doubts);
    }

    /** Returns the state after the chains of the proxy. */
    State afterProxy(Packet next) {
        int set = next.mark() & ~packet.mark();
        return new State(
                next,
                hook,
                before,
                input,
                output,
                connectionMark,
                untracked,
                (proxyBits | set) & next.mark(),
                unknownMark,
                doubt,
                doubted,
                lastDoubt,
                doubts);
    }

    boolean mayBeDoubted() {
        return doubts < MOST_DOUBTS;
    }

    /** Returns the state in which an uncertain rule is taken to match. */
    State doubting(TraceStep rule, String what) {
        return new State(
                packet,
                hook,
                before,
                input,
                output,
                connectionMark,
                untracked,
                proxyBits,
                unknownMark,
                doubt == null ? rule : doubt,
                doubt == null ? what : doubted,
                rule,
                doubts + 1);
    }

    /** Returns the state with the steps of an earlier one. */
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

    List<TraceStep> steps() {
        return packet.steps();
    }
}

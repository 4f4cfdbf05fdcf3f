package io.fairlead.ui;

import io.fairlead.agent.loop.RoundResult;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Edit;
import io.fairlead.core.rules.Lines;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The last changes of the rules, with their lines if there are not too many. */
final class ChangeLog {
    /** The number of rounds that are kept. */
    static final int MOST_ROUNDS = 30;

    /** The number of lines of a change up to which they are kept. The lines of 30 such rounds need about 1 MB. */
    static final int MOST_LINES = 200;

    /**
     * A round that changed rules or failed.
     *
     * @param text the round as the log of the agent describes it
     * @param edits the changed lines; empty if they are not kept, or if the round failed
     */
    record Entry(Instant at, boolean failed, String text, Lines lines, List<Edit> edits) {
        /** Returns whether the lines were too many to keep them. */
        boolean isCut() {
            return edits.isEmpty() && lines.added() + lines.removed() > 0;
        }
    }

    private final InstantSource clock;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final List<Edit> pending = new ArrayList<>();
    private boolean tooMany;

    ChangeLog(InstantSource clock) {
        this.clock = clock;
    }

    /** Adds a change that the kernel has accepted, to the round that is running. */
    synchronized void applied(Change change) {
        Lines lines = change.lines();
        if (lines.added() + lines.removed() + pending.size() > MOST_LINES) {
            tooMany = true;
            pending.clear();
        } else if (!tooMany) {
            pending.addAll(change.report().edits());
        }
    }

    /** Adds the round to which the changes belong. A repetition of the same failure is not added. */
    synchronized void after(RoundResult result) {
        switch (result.outcome()) {
            case UNCHANGED -> {}
            case APPLIED -> add(result, false, List.copyOf(pending));
            case FAILED -> {
                Entry last = entries.peekFirst();
                if (last == null || !last.failed() || !last.text().contains(result.error())) {
                    add(result, true, List.of());
                }
            }
        }
        pending.clear();
        tooMany = false;
    }

    private void add(RoundResult result, boolean failed, List<Edit> edits) {
        entries.addFirst(new Entry(clock.instant(), failed, result.text(), result.lines(), edits));
        if (entries.size() > MOST_ROUNDS) {
            entries.removeLast();
        }
    }

    /** Returns the rounds, the last one first. */
    synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }
}

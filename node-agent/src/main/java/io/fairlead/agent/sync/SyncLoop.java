package io.fairlead.agent.sync;

import io.fairlead.agent.kubernetes.ClusterInput;
import io.fairlead.core.apply.ApplyFailedException;
import io.fairlead.core.backend.Backend;
import io.fairlead.core.backend.Change;
import io.fairlead.core.backend.Ruleset;
import io.fairlead.core.backend.UnknownRuleException;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.process.ProgramMissingException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings the kernel in step with the objects, one round at a call. One thread only.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>A round that plans nothing different touches nothing, unless the last one failed or the kernel is to be looked at
 *       again.
 *   <li>What the kernel has is read at the start, after a failure and when asked; in between the loop knows it.
 *   <li>A Service whose rules are refused goes into quarantine, and the round is tried again without it, so that all others
 *       are served.
 *   <li>If something is there, or gone, that the loop did not expect, somebody else changed it: the kernel is read and the
 *       difference is computed anew, once.
 *   <li>If the objects cannot be read, nothing is changed.
 * </ol>
 */
public final class SyncLoop<R extends Ruleset, C extends Change> {
    /** A round gives up after so many refused transactions; each has put at least one more Service into quarantine. */
    private static final int MOST_ATTEMPTS = 20;

    private final Backend<R, C> backend;
    private final ClusterSource source;
    private final Supplier<NodeSettings> settings;
    private final Planner planner;
    private final LongSupplier nanoTime;
    private final Quarantine quarantine = new Quarantine();
    private @Nullable R kernel;
    private @Nullable Plan applied;
    private boolean behind = true;

    /**
     * A loop that has done nothing yet.
     *
     * @param settings asked at the start and whenever the kernel is read again: addresses of interfaces are part of them
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    public SyncLoop(
            Backend<R, C> backend, ClusterSource source, Supplier<NodeSettings> settings, LongSupplier nanoTime) {
        this.backend = backend;
        this.source = source;
        this.settings = settings;
        this.planner = new Planner(settings.get());
        this.nanoTime = nanoTime;
    }

    /** Whether the last round failed, so that another one is due soon without any change of objects (SYNC-5). */
    public boolean isBehind() {
        return behind;
    }

    /** What the kernel has, as far as the loop knows: the plan of the last round that ended well; null before there is one. */
    public @Nullable Plan applied() {
        return applied;
    }

    /**
     * One round.
     *
     * @param recheck whether the kernel and the node's addresses are to be looked at again, whatever the objects say
     */
    public SyncReport sync(boolean recheck) {
        Stages stages = new Stages();
        ClusterInput input;
        try {
            input = stages.time("read objects", source::read);
        } catch (IOException e) {
            return report(
                    SyncReport.Outcome.FAILED, null, null, null, stages, "cannot read objects: " + e.getMessage());
        }
        PlanDelta delta = null;
        try {
            delta = stages.time("plan", () -> plan(input, recheck));
            quarantine.release(delta);
            if (delta.isEmpty() && !recheck && !behind) {
                return report(SyncReport.Outcome.UNCHANGED, delta, input, null, stages, "");
            }
            behind = true;
            if (recheck) {
                kernel = null;
            }
            C change = carryOut(stages);
            behind = false;
            return report(
                    change.isEmpty() ? SyncReport.Outcome.UNCHANGED : SyncReport.Outcome.APPLIED,
                    delta,
                    input,
                    change,
                    stages,
                    "");
        } catch (RuntimeException e) { // whatever it is, the next round starts from what the kernel has (SYNC-7)
            behind = true;
            kernel = null;
            return report(SyncReport.Outcome.FAILED, delta, input, null, stages, explanation(e));
        }
    }

    private static String explanation(RuntimeException e) {
        return switch (e) {
            case ApplyFailedException _, UnknownRuleException _, ProgramMissingException _, IllegalStateException _ ->
                String.valueOf(e.getMessage());
            default -> "unexpected: " + e;
        };
    }

    private PlanDelta plan(ClusterInput input, boolean recheck) {
        if (recheck) {
            planner.settings(settings.get());
        }
        planner.replace(input.state());
        return planner.update();
    }

    /** Until a transaction is accepted; returns the change that was. */
    private C carryOut(Stages stages) {
        boolean drifted = false;
        for (int attempt = 1; ; attempt++) {
            R current = kernel != null ? kernel : stages.time("read kernel", backend::read);
            Plan plan = quarantine.without(planner.plan(), applied);
            R desired = stages.time("render", () -> backend.render(plan));
            C change = stages.time("diff", () -> backend.diff(current, desired));
            try {
                if (!change.isEmpty()) {
                    stages.run("apply", () -> backend.apply(change));
                }
                kernel = backend.after(current, desired);
                applied = plan;
                return change;
            } catch (ApplyFailedException e) {
                kernel = null;
                boolean drift = !drifted
                        && (e.kind() == ApplyFailedException.Kind.NOT_FOUND
                                || e.kind() == ApplyFailedException.Kind.EXISTS);
                drifted |= drift;
                if (!drift && (attempt >= MOST_ATTEMPTS || !isolate(e))) {
                    throw e;
                }
            }
        }
    }

    /** Puts the Services at fault into quarantine; false if none is known or leaving them out did not help. */
    private boolean isolate(ApplyFailedException e) {
        TreeSet<ServiceName> atFault = new TreeSet<>();
        for (Origin origin : e.atFault()) {
            if (origin instanceof Origin.Port(var port)) {
                atFault.add(port.service());
            }
        }
        boolean isolated = false;
        for (ServiceName service : atFault) {
            isolated |= quarantine.add(service, String.valueOf(e.getMessage()));
        }
        return isolated;
    }

    private SyncReport report(
            SyncReport.Outcome outcome,
            @Nullable PlanDelta delta,
            @Nullable ClusterInput input,
            @Nullable C change,
            Stages stages,
            String error) {
        return new SyncReport(
                outcome,
                delta,
                input,
                change == null ? 0 : change.report().added(),
                change == null ? 0 : change.report().removed(),
                stages.all,
                quarantine.reasons(),
                error);
    }

    /** Measures. Stages of one name add up. */
    private final class Stages {
        private final List<SyncReport.Stage> all = new ArrayList<>();

        /** Work that gives a result. */
        private interface Work<T, E extends Exception> {
            T run() throws E;
        }

        <T, E extends Exception> T time(String name, Work<T, E> work) throws E {
            long start = nanoTime.getAsLong();
            try {
                return work.run();
            } finally {
                add(name, Duration.ofNanos(nanoTime.getAsLong() - start));
            }
        }

        void run(String name, Runnable work) {
            time(name, () -> {
                work.run();
                return Boolean.TRUE;
            });
        }

        private void add(String name, Duration took) {
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).name().equals(name)) {
                    all.set(i, new SyncReport.Stage(name, all.get(i).took().plus(took)));
                    return;
                }
            }
            all.add(new SyncReport.Stage(name, took));
        }
    }
}

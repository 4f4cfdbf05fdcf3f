package io.fairlead.agent.sync;

import io.fairlead.agent.time.TimeSource;
import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ServicePlan;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.rules.Follower;
import io.fairlead.core.rules.RememberedClients;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.linux.process.ProgramMissingException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Brings the kernel in step with the objects, one round at a call. One thread only.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>A round that plans nothing different touches nothing, unless the last one failed or the kernel is to be looked at
 *       again.
 *   <li>The work of a round follows what changed, not the cluster: objects, plan and rules are told their changes.
 *   <li>Everything is read, rendered and compared at the start, after a failure, when the node's own part has changed and
 *       when asked (SYNC-6, SYNC-10).
 *   <li>A Service whose rules are refused goes into quarantine, and the round is tried again without it, so that all others
 *       are served.
 *   <li>If something is there, or gone, that the loop did not expect, or the backend says that somebody else has changed the
 *       rules, the kernel is read and the difference is computed anew, once.
 *   <li>If the objects cannot be read, nothing is changed.
 * </ol>
 */
public final class SyncLoop<R extends Ruleset, C extends Change> {
    /** A round gives up after so many refused transactions; each has put at least one more Service into quarantine. */
    private static final int MOST_ATTEMPTS = 20;
    /** Of the lines that a tool found fault with (SYNC-18). */
    private static final int LINES_TOLD = 3;

    /** How often is asked whether somebody else has changed the rules; that costs some microseconds. */
    private static final Duration GLANCE = Duration.ofMillis(500);

    /** How often the kernel is read where it tells of changes anyway (SYNC-4). */
    private static final Duration SELDOM = Duration.ofHours(1);

    /** After a first failure; twice as long after each further one. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

    /** A change that puts an end to the failures is to be noticed within seconds. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

    private static final int MOST_DOUBLINGS = 8;

    private final Backend<R, C> backend;
    private final ClusterSource source;
    private final Supplier<NodeSettings> settings;
    private final Planner planner;
    private final TimeSource time;
    private final Quarantine quarantine = new Quarantine();
    private final Map<ServiceName, ServicePlan> applied = new HashMap<>();
    private final Map<IpFamily, NodePlan> appliedNode = new EnumMap<>(IpFamily.class);
    private @Nullable Follower<C> follower;
    private String disturbedBy = "";
    private boolean behind = true;
    private int failures;
    private long lookedAt;

    /**
     * A loop that has done nothing yet.
     *
     * @param settings asked at the start and whenever the kernel is read again: addresses of interfaces are part of them
     */
    public SyncLoop(Backend<R, C> backend, ClusterSource source, Supplier<NodeSettings> settings, TimeSource time) {
        this.backend = backend;
        this.source = source;
        this.settings = settings;
        this.planner = new Planner(settings.get());
        this.time = time;
    }

    /** Whether the last round failed, so that another one is due soon without any change of objects (SYNC-5). */
    public boolean isBehind() {
        return behind;
    }

    /**
     * Whether somebody else has changed our rules, so that a round is due. Costs next to nothing; never true where the kernel
     * does not tell. If the kernel cannot be asked it may have been anybody: then everything is compared.
     */
    public boolean isDisturbed() {
        if (disturbedBy.isEmpty() && !behind) {
            try {
                disturbedBy = backend.changedByOthers().orElse("");
            } catch (IllegalStateException e) {
                disturbedBy = "perhaps somebody (" + e.getMessage() + ")";
            }
        }
        return !disturbedBy.isEmpty();
    }

    /**
     * How long to do nothing at least after the last round, whatever changes: longer after each failure in succession, since a round
     * that fails compares everything, and what makes it fail may come with each change.
     */
    public Duration pause() {
        return failures == 0
                ? Duration.ZERO
                : Duration.ofMillis(Math.min(
                        LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures - 1, MOST_DOUBLINGS)));
    }

    /** Where changes of objects are waited for. */
    @FunctionalInterface
    public interface Changes {
        /**
         * Waits for a change or for the time to pass.
         *
         * @return whether there is a change
         * @throws InterruptedException if there is to be no other round
         */
        boolean await(Duration most) throws InterruptedException;
    }

    /**
     * Waits until a round is due: objects have changed, somebody else has changed our rules, or the time is over.
     *
     * @throws InterruptedException as {@code changes} throws it
     */
    public void awaitWork(Changes changes, Duration most) throws InterruptedException {
        long until = time.nanoTime() + most.toNanos();
        for (long left = most.toNanos(); left > 0; left = until - time.nanoTime()) {
            if (changes.await(Duration.ofNanos(Math.min(left, GLANCE.toNanos()))) || isDisturbed()) {
                return;
            }
        }
    }

    /** What the backend has to tell an operator since the last call. */
    public List<String> news() {
        return backend.news();
    }

    /** As the backend says: the fullest list of clients with affinity, as of the last time that rules were read. */
    public Optional<RememberedClients> fullestAffinity() {
        return backend.fullestAffinity();
    }

    /** The node's part of the rules that the kernel has, as of the last round that ended well; null before there is one. */
    public @Nullable NodePlan applied(IpFamily family) {
        return appliedNode.get(family);
    }

    /**
     * One round.
     *
     * @param recheck whether the node's addresses and the kernel are to be looked at again, whatever the objects say; the kernel
     *     once an hour at most where it tells of changes by others
     */
    public SyncReport sync(boolean recheck) {
        SyncReport report = round(recheck);
        failures = report.outcome() == SyncReport.Outcome.FAILED ? failures + 1 : 0;
        return report;
    }

    private SyncReport round(boolean recheck) {
        Stages stages = new Stages();
        @Nullable ClusterInput input;
        try {
            input = stages.time("read objects", () -> source.feed(planner)).orElse(null);
        } catch (IOException e) {
            return report(
                    SyncReport.Outcome.FAILED, null, null, null, stages, "cannot read objects: " + e.getMessage());
        }
        PlanDelta delta = null;
        try {
            delta = stages.time("plan", () -> plan(recheck));
            boolean apart = quarantine.isApartFrom(delta);
            quarantine.release(delta);
            boolean disturbed = isDisturbed();
            boolean looks = recheck && isLookDue();
            if (delta.isEmpty() && !looks && !behind && !disturbed) {
                return report(SyncReport.Outcome.UNCHANGED, delta, input, null, stages, "");
            }
            boolean follows = !behind && !looks && !disturbed && apart && !delta.nodeChanged();
            behind = true;
            C change = follows ? follow(delta, stages) : anew(stages, false);
            behind = false;
            SyncReport done = report(
                    change.isEmpty() ? SyncReport.Outcome.UNCHANGED : SyncReport.Outcome.APPLIED,
                    delta,
                    input,
                    change,
                    stages,
                    "");
            disturbedBy = "";
            return done;
        } catch (RuntimeException e) { // whatever it is, the next round starts from what the kernel has (SYNC-7)
            behind = true;
            follower = null;
            return report(SyncReport.Outcome.FAILED, delta, input, null, stages, explanation(e));
        }
    }

    private static String explanation(RuntimeException e) {
        return switch (e) {
            case ApplyFailedException refused ->
                Stream.concat(
                                Stream.of(String.valueOf(refused.getMessage())),
                                refused.linesAtFault().stream().limit(LINES_TOLD))
                        .collect(Collectors.joining(" | "));
            case UnknownRuleException _, ProgramMissingException _, IllegalStateException _ ->
                String.valueOf(e.getMessage());
            default -> "unexpected: " + e;
        };
    }

    private boolean isLookDue() {
        return !backend.noticesOthers() || time.nanoTime() - lookedAt >= SELDOM.toNanos();
    }

    private PlanDelta plan(boolean recheck) {
        if (recheck) {
            planner.settings(settings.get());
        }
        return planner.update();
    }

    /** From the change alone. */
    private C follow(PlanDelta delta, Stages stages) {
        Follower<C> rules = follower;
        if (rules == null) {
            return anew(stages, false);
        }
        C change = stages.time("compute", () -> rules.change(delta));
        try {
            if (!change.isEmpty()) {
                stages.run("apply", () -> backend.apply(change));
            }
        } catch (ApplyFailedException e) {
            follower = null;
            boolean drift = isDrift(e);
            if (!drift && !isolate(e)) {
                throw e;
            }
            return anew(stages, drift);
        }
        rules.accepted();
        if (!backend.leftBehind().isEmpty()) {
            follower = null; // as in anew
        }
        delta.services().forEach((name, service) -> {
            if (service.after() == null) {
                applied.remove(name);
            } else {
                applied.put(name, service.after());
            }
        });
        return change;
    }

    /**
     * From what the kernel has and what it should have, until a transaction is accepted; returns the change that was.
     *
     * @param sawDrift whether somebody has been found to change the rules in this round: once is borne
     */
    private C anew(Stages stages, boolean sawDrift) {
        follower = null;
        boolean drifted = sawDrift;
        for (int attempt = 1; ; attempt++) {
            R current = stages.time("read kernel", backend::read);
            lookedAt = time.nanoTime();
            Plan plan = quarantine.without(planner.plan(), applied);
            R desired = stages.time("render", () -> backend.render(plan));
            C change = stages.time("diff", () -> backend.diff(current, desired));
            try {
                if (!change.isEmpty()) {
                    stages.run("apply", () -> backend.apply(change));
                }
                // What was left behind only a comparison of everything finds: so the next change makes one (NFT-25).
                follower = backend.leftBehind().isEmpty()
                        ? stages.time("follow", () -> backend.follow(backend.after(current, desired, change), plan))
                        : null;
                applied.clear();
                applied.putAll(plan.services());
                for (IpFamily family : IpFamily.values()) {
                    appliedNode.put(family, plan.node(family));
                }
                return change;
            } catch (ApplyFailedException e) {
                boolean drift = !drifted && isDrift(e);
                drifted |= drift;
                if (!drift && (attempt >= MOST_ATTEMPTS || !isolate(e))) {
                    throw e;
                }
            }
        }
    }

    private static boolean isDrift(ApplyFailedException e) {
        return e.kind() == ApplyFailedException.Kind.NOT_FOUND || e.kind() == ApplyFailedException.Kind.EXISTS;
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
        ChangeReport lines = change == null ? new ChangeReport(List.of()) : change.report();
        return new SyncReport(
                outcome,
                delta,
                input,
                lines.added(),
                lines.removed(),
                stages.all,
                quarantine.reasons(),
                disturbedBy,
                disturbedBy.isEmpty()
                        ? List.of()
                        : lines.byOrigin().keySet().stream().map(Origin::text).toList(),
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
            long start = time.nanoTime();
            try {
                return work.run();
            } finally {
                add(name, Duration.ofNanos(time.nanoTime() - start));
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

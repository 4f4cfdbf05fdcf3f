package io.fairlead.agent.loop;

import io.fairlead.agent.time.TimeSource;
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
import java.time.Duration;
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
 * Brings the kernel in step with the objects, one round at a call.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *     <li>A round that plans nothing different touches nothing, unless the last one failed or the kernel is to be
 *     read again.
 *   <li>The work of a round follows what changed, not the cluster: planner and follower get changes only.
 *     <li>Everything is read, rendered and compared at the start, after a failure, when the node's own part has
 *     changed and when asked (SYNC-6, SYNC-10).
 *     <li>A Service whose rules the kernel refuses goes into quarantine, and the round is repeated without it, so
 *     that all others are served.
 *     <li>If the kernel has or lacks something unexpectedly, or the backend reports that another program has changed
 *     the rules, the kernel is read and the difference is computed again, once.
 * </ol>
 */
public final class RuleSync<R extends Ruleset, C extends Change> implements Rounds {
    /** A round gives up after so many refused transactions; each has put at least one more Service into quarantine. */
    private static final int MOST_ATTEMPTS = 20;

    /** Of the lines that a tool found fault with (SYNC-18). */
    private static final int MOST_LINES = 3;

    /** How often the kernel is read although it reports changes by others (SYNC-4). */
    private static final Duration LONGEST_UNREAD = Duration.ofHours(1);

    private final Backend<R, C> backend;
    private final Supplier<NodeSettings> settings;
    private final Planner planner;
    private final TimeSource time;
    private final Quarantine quarantine = new Quarantine();
    private final Map<ServiceName, ServicePlan> applied = new HashMap<>();
    private final Map<IpFamily, NodePlan> appliedNode = new EnumMap<>(IpFamily.class);
    private @Nullable Follower<C> follower;
    private String disturbedBy = "";
    private boolean behind = true;
    private long lastRead;

    /**
     * Has done nothing yet.
     *
     * @param settings asked at the start and at each recheck: addresses of interfaces are part of them
     */
    public RuleSync(Backend<R, C> backend, Supplier<NodeSettings> settings, TimeSource time) {
        this.backend = backend;
        this.settings = settings;
        this.planner = new Planner(settings.get());
        this.time = time;
    }

    @Override
    public boolean isBehind() {
        return behind;
    }

    /**
     * Whether another program has changed our rules. Never true where the kernel does not report it. If the kernel
     * cannot be asked, any program may have changed them: then everything is compared.
     */
    @Override
    public boolean isDisturbed() {
        if (disturbedBy.isEmpty() && !behind) {
            try {
                disturbedBy = backend.changedByOthers().orElse("");
            } catch (IllegalStateException e) {
                disturbedBy = "an unknown program (" + e.getMessage() + ")";
            }
        }
        return !disturbedBy.isEmpty();
    }

    /**
     * Without a recheck the kernel is read only if that is needed; with one, once an hour at most where it reports
     * changes.
     */
    @Override
    public RoundResult round(ChangeBatch batch, boolean recheck) {
        Stages stages = new Stages(time);
        PlanDelta delta = null;
        try {
            delta = stages.time("plan", () -> plan(batch, recheck));
            boolean apart = quarantine.isApartFrom(delta);
            quarantine.release(delta);
            boolean disturbed = isDisturbed();
            boolean reads = recheck && isReadDue();
            if (delta.isEmpty() && !reads && !behind && !disturbed) {
                return result(RoundResult.Outcome.UNCHANGED, delta, batch, null, stages, "");
            }
            boolean follows = !behind && !reads && !disturbed && apart && !delta.nodeChanged();
            behind = true;
            C change = follows ? follow(delta, stages) : compare(stages, false);
            behind = false;
            RoundResult done = result(
                    change.isEmpty() ? RoundResult.Outcome.UNCHANGED : RoundResult.Outcome.APPLIED,
                    delta,
                    batch,
                    change,
                    stages,
                    "");
            disturbedBy = "";
            return done;
        } catch (RuntimeException e) { // whatever it is, the next round starts from what the kernel has (SYNC-7)
            behind = true;
            follower = null;
            return result(RoundResult.Outcome.FAILED, delta, batch, null, stages, explanation(e));
        }
    }

    private static String explanation(RuntimeException e) {
        return switch (e) {
            case ApplyFailedException refused ->
                Stream.concat(
                                Stream.of(String.valueOf(refused.getMessage())),
                                refused.linesAtFault().stream().limit(MOST_LINES))
                        .collect(Collectors.joining(" | "));
            case UnknownRuleException _, ProgramMissingException _, IllegalStateException _ ->
                String.valueOf(e.getMessage());
            default -> "unexpected: " + e;
        };
    }

    private boolean isReadDue() {
        return !backend.noticesOthers() || time.since(lastRead).compareTo(LONGEST_UNREAD) >= 0;
    }

    private PlanDelta plan(ChangeBatch batch, boolean recheck) {
        batch.applyTo(planner);
        if (recheck) {
            planner.settings(settings.get());
        }
        return planner.update();
    }

    /** From the change of the plan alone. */
    private C follow(PlanDelta delta, Stages stages) {
        Follower<C> rules = follower;
        if (rules == null) {
            return compare(stages, false);
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
            return compare(stages, drift);
        }
        rules.accepted();
        if (!backend.leftBehind().isEmpty()) {
            follower = null; // as in compare
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
     * From what the kernel has and what it should have, until a transaction is accepted; returns the accepted change.
     *
     * @param sawDrift whether drift has been found in this round already: a second time is a failure
     */
    private C compare(Stages stages, boolean sawDrift) {
        follower = null;
        boolean drifted = sawDrift;
        for (int attempt = 1; ; attempt++) {
            stages.readsKernel();
            R current = stages.time("read kernel", backend::read);
            lastRead = time.nanoTime();
            Plan plan = quarantine.without(planner.plan(), applied);
            R desired = stages.time("render", () -> backend.render(plan));
            C change = stages.time("diff", () -> backend.diff(current, desired));
            try {
                if (!change.isEmpty()) {
                    stages.run("apply", () -> backend.apply(change));
                }
                // Only a comparison of everything finds what could not be deleted, so the next change makes one
                // (NFT-25).
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

    private RoundResult result(
            RoundResult.Outcome outcome,
            @Nullable PlanDelta delta,
            ChangeBatch batch,
            @Nullable C change,
            Stages stages,
            String error) {
        ChangeReport report = change == null ? new ChangeReport(List.of()) : change.report();
        return new RoundResult(
                outcome,
                stages.haveReadKernel(),
                delta,
                batch.triggers(),
                new RoundResult.Lines(report.added(), report.removed()),
                stages.all(),
                stages.took(),
                quarantine.reasons(),
                disturbedBy.isEmpty() ? null : repair(report),
                appliedNode,
                new RoundResult.KernelReport(backend.news(), fullestAffinity(stages)),
                null,
                error);
    }

    private RoundResult.Repair repair(ChangeReport report) {
        return new RoundResult.Repair(
                disturbedBy,
                report.byOrigin().keySet().stream().map(Origin::text).toList());
    }

    private Optional<RememberedClients> fullestAffinity(Stages stages) {
        return stages.haveReadKernel() ? backend.fullestAffinity() : Optional.empty();
    }
}

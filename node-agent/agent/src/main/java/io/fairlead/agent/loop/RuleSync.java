package io.fairlead.agent.loop;

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
import io.fairlead.core.rules.KernelRules;
import io.fairlead.core.rules.Lines;
import io.fairlead.core.rules.Notice;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.linux.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Updates the rules in the kernel after objects have changed. Each call of {@link #round} runs one round.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *     <li>A round writes nothing if the plan is unchanged, unless the last round failed or the kernel must be read
 *     again.
 *     <li>The work of a round depends on the number of changes, not on the size of the cluster. The planner and the
 *     follower (which computes the changes of rules) receive only changes.
 *     <li>All rules are read, rendered and compared at the start, after a failure, when rules that belong to no Service
 *     change, and at some rechecks (SYNC-6, SYNC-10).
 *     <li>If the kernel refuses the rules of a Service, the Service is put into quarantine and the rules are applied
 *     without it, so that all other Services are served.
 *     <li>If the kernel refuses a change because another program has changed the rules (drift), or if the backend
 *     reports such a change, the kernel is read and the difference is computed again. This happens at most once in a
 *     round.
 * </ol>
 */
public final class RuleSync<R extends Ruleset, C extends Change> implements Rounds {
    /**
     * The number of refused transactions after which a round fails. Each refused transaction puts at least one more
     * Service into quarantine.
     */
    private static final int MOST_ATTEMPTS = 20;

    /** The number of refused lines that a message quotes (SYNC-18). */
    private static final int MOST_LINES = 3;

    /** The longest time between two reads of the kernel if the kernel reports changes by other programs (SYNC-4). */
    private static final Duration LONGEST_UNREAD = Duration.ofHours(1);

    private final RuleLayout<R, C> layout;
    private final KernelRules<R, C> kernel;
    private final Supplier<NodeSettings> settings;
    private final Planner planner;
    private final TimeSource time;
    private final Quarantine quarantine = new Quarantine();
    private final Map<ServiceName, ServicePlan> applied = new HashMap<>();
    private final Map<IpFamily, NodePlan> appliedNode = new EnumMap<>(IpFamily.class);
    private @Nullable Follower<C> follower;
    private final RuleTotals totals = new RuleTotals();
    private final List<Notice> notices = new ArrayList<>();
    /** The program that has changed Fairlead's rules since the kernel was last read; "" for none. */
    private String disturbedBy = "";
    /** The program whose changes are being repaired, until a round has succeeded; "" for none. */
    private String repairing = "";

    private boolean undeleted;
    private boolean behind = true;
    private long lastRead;

    /**
     * Creates the rounds. Nothing is applied yet.
     *
     * @param settings returns the current settings. It is called at the start and at each recheck, because the settings
     *     contain the addresses of interfaces
     */
    public RuleSync(Backend<R, C> backend, Supplier<NodeSettings> settings, TimeSource time) {
        this.layout = backend.layout();
        this.kernel = backend.kernel();
        this.settings = settings;
        this.planner = new Planner(settings.get());
        this.time = time;
    }

    @Override
    public boolean isBehind() {
        return behind;
    }

    /**
     * Returns whether another program has changed Fairlead's rules. The result is false if the kernel does not report
     * changes. If the kernel's reports stop because of an error, the result is true, because any program may have
     * changed the rules since then.
     */
    @Override
    public boolean isDisturbed() {
        if (disturbedBy.isEmpty() && !behind) {
            poll();
        }
        return !disturbedBy.isEmpty();
    }

    /**
     * Reads the notices of the kernel. Notices that decide how the next round works are stored in fields. The others
     * are stored for the result of the round.
     */
    private void poll() {
        for (Notice notice : kernel.poll()) {
            switch (notice) {
                case Notice.ChangedByOthers other -> disturbedBy = other.text();
                case Notice.WatchFailed(String reason) -> disturbedBy = "an unknown program (" + reason + ")";
                case Notice.Undeleted _ -> {
                    undeleted = true;
                    notices.add(notice);
                }
                case Notice.AffinityFill _, Notice.Remark _ -> notices.add(notice);
            }
        }
    }

    /**
     * Runs one round. Without a recheck, the rules are read from the kernel only if this is needed. With a recheck,
     * they are read, but at most once an hour if the kernel reports changes by other programs.
     */
    @Override
    public RoundResult round(ChangeBatch batch, boolean recheck) {
        Stages stages = new Stages(time);
        totals.startRound();
        PlanDelta delta = null;
        try {
            delta = stages.time("plan", () -> plan(batch, recheck));
            boolean apart = quarantine.isApartFrom(delta);
            quarantine.release(delta);
            boolean disturbed = isDisturbed();
            if (disturbed) {
                repairing = disturbedBy;
                disturbedBy = "";
            }
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
            repairing = "";
            return done;
        } catch (RuntimeException e) { // After any failure, the next round reads the kernel (SYNC-7).
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
            default -> "unexpected exception: " + e;
        };
    }

    private boolean isReadDue() {
        return !kernel.isWatched() || time.since(lastRead).compareTo(LONGEST_UNREAD) >= 0;
    }

    private PlanDelta plan(ChangeBatch batch, boolean recheck) {
        batch.applyTo(planner);
        if (recheck) {
            planner.settings(settings.get());
        }
        return planner.update();
    }

    /** Applies the change of the rules that is computed from the changed Services alone, without reading the kernel. */
    private C follow(PlanDelta delta, Stages stages) {
        Follower<C> rules = follower;
        if (rules == null) {
            return compare(stages, false);
        }
        C change = stages.time("compute", () -> rules.change(delta));
        try {
            if (!change.isEmpty()) {
                apply(change, stages);
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
        if (undeleted) {
            follower = null; // as in compare()
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
     * Reads the rules in the kernel and applies the difference to the rules of the plan. Repeats this until the kernel
     * accepts the transaction. Returns the accepted change.
     *
     * @param sawDrift whether another program's change was already found in this round. If it is found a second time,
     *     the round fails
     */
    private C compare(Stages stages, boolean sawDrift) {
        follower = null;
        undeleted = false;
        boolean drifted = sawDrift;
        for (int attempt = 1; ; attempt++) {
            stages.readsKernel();
            R current = stages.time("read kernel", kernel::read);
            totals.read(current.counts());
            lastRead = time.nanoTime();
            Plan plan = quarantine.without(planner.plan(), applied);
            R desired = stages.time("render", () -> layout.render(plan));
            C change = stages.time("diff", () -> layout.diff(current, desired));
            try {
                if (!change.isEmpty()) {
                    apply(change, stages);
                }
                // Only a comparison of all rules finds objects that could not be deleted, and a follower compares only
                // the rules that change. So there is no follower in this case: the next round compares all (NFT-25).
                follower = undeleted
                        ? null
                        : stages.time("follow", () -> layout.follow(layout.after(current, change), plan));
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

    private void apply(C change, Stages stages) {
        stages.run("apply", () -> kernel.apply(change));
        totals.applied(change.growth());
        undeleted = false;
        poll();
    }

    private static boolean isDrift(ApplyFailedException e) {
        return e.kind() == ApplyFailedException.Kind.NOT_FOUND || e.kind() == ApplyFailedException.Kind.EXISTS;
    }

    /**
     * Puts the Services whose rules were refused into quarantine. Returns false if no such Service is known, or if all
     * of them are already in quarantine.
     */
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
        poll();
        return new RoundResult(
                outcome,
                stages.haveReadKernel(),
                delta,
                batch.triggers(),
                change == null ? Lines.NONE : change.lines(),
                stages.all(),
                stages.took(),
                quarantine.reasons(),
                repairing.isEmpty() ? null : repair(change),
                appliedNode,
                taken(),
                totals.tables(),
                null,
                error);
    }

    private List<Notice> taken() {
        List<Notice> taken = List.copyOf(notices);
        notices.clear();
        return taken;
    }

    private RoundResult.Repair repair(@Nullable C change) {
        ChangeReport report = change == null ? new ChangeReport(List.of()) : change.report();
        return new RoundResult.Repair(
                repairing, report.byOrigin().keySet().stream().map(Origin::text).toList());
    }
}

package io.fairlead.agent.loop;

import io.fairlead.core.flow.Host;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.rules.Lines;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.core.verify.Verification;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.linux.time.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of a dry run. Each round computes the plan as {@link RuleSync} does and reads the rules in the kernel.
 * Then it computes what the kernel's rules do with test packets, and counts the lines of rules that {@link RuleSync}
 * would change. It writes nothing.
 */
public final class ComparingRounds<R extends Ruleset, C extends Change> implements Rounds {
    private final Backend<R, C> backend;
    private final Supplier<NodeSettings> settings;
    private final Planner planner;
    private final TimeSource time;

    /**
     * Creates the rounds. Nothing is compared yet.
     *
     * @param settings returns the current settings. It is called in each round, because the settings contain the
     *     addresses of interfaces
     */
    public ComparingRounds(Backend<R, C> backend, Supplier<NodeSettings> settings, TimeSource time) {
        this.backend = backend;
        this.settings = settings;
        this.planner = new Planner(settings.get());
        this.time = time;
    }

    @Override
    public boolean isBehind() {
        return false;
    }

    @Override
    public boolean isDisturbed() {
        return false;
    }

    @Override
    public RoundResult round(ChangeBatch batch, boolean recheck) {
        Stages stages = new Stages(time);
        PlanDelta delta = null;
        try {
            NodeSettings now = settings.get();
            planner.settings(now);
            delta = stages.time("plan", () -> {
                batch.applyTo(planner);
                return planner.update();
            });
            return result(RoundResult.Outcome.UNCHANGED, delta, batch, compare(now, stages), stages, "");
        } catch (ApplyFailedException | UnknownRuleException | ProgramMissingException e) {
            return result(
                    RoundResult.Outcome.FAILED,
                    delta,
                    batch,
                    null,
                    stages,
                    "cannot read the kernel's rules: " + e.getMessage());
        }
    }

    private KernelComparison compare(NodeSettings now, Stages stages) {
        Plan plan = planner.plan();
        stages.readsKernel();
        R kernel = stages.time("read kernel", backend.kernel()::read);
        ChangeReport change = stages.time(
                "diff",
                () -> backend.layout()
                        .diff(kernel, backend.layout().render(plan))
                        .report());
        Host host = Host.of(now.localAddresses());
        Verification verification =
                stages.time("verify", () -> Verification.of(plan, host, kernel.tracer(host), _ -> true, () -> {}));
        return KernelComparison.of(time.instant(), plan, host, verification, change.lines());
    }

    private static RoundResult result(
            RoundResult.Outcome outcome,
            @Nullable PlanDelta delta,
            ChangeBatch batch,
            @Nullable KernelComparison comparison,
            Stages stages,
            String error) {
        return new RoundResult(
                outcome,
                stages.haveReadKernel(),
                delta,
                batch.triggers(),
                comparison == null ? Lines.NONE : comparison.lines(),
                stages.all(),
                stages.took(),
                new TreeMap<>(),
                null,
                Map.of(),
                List.of(),
                List.of(),
                comparison,
                error);
    }
}

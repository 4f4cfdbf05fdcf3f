package io.fairlead.demo;

import io.fairlead.core.plan.Plan;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.rules.Ruleset;
import java.util.function.Consumer;

/** Applies plans to the kernel by a backend of any mode. It hides the backend's type parameters. */
final class DemoRules<R extends Ruleset, C extends Change> {
    private final Backend<R, C> backend;

    private DemoRules(Backend<R, C> backend) {
        this.backend = backend;
    }

    /** Creates an instance for a backend. */
    static DemoRules<?, ?> of(Backend<?, ?> backend) {
        return bind(backend);
    }

    private static <R extends Ruleset, C extends Change> DemoRules<R, C> bind(Backend<R, C> backend) {
        return new DemoRules<>(backend);
    }

    /** Shows the difference between the kernel's rules and the plan's rules, and applies it to the kernel. */
    void bring(Plan plan, Consumer<ChangeReport> show) {
        carryOut(difference(plan), show);
    }

    /** Reads the kernel's rules and returns whether they are exactly the plan's rules. */
    boolean inStep(Plan plan) {
        return difference(plan).isEmpty();
    }

    /** Shows which rules will be removed, and removes them. */
    void remove(Consumer<ChangeReport> show) {
        carryOut(backend.layout().removal(backend.kernel().read()), show);
    }

    /** Returns whether the kernel has no rule of Fairlead. */
    boolean gone() {
        return backend.layout().removal(backend.kernel().read()).isEmpty();
    }

    private C difference(Plan plan) {
        return backend.layout().diff(backend.kernel().read(), backend.layout().render(plan));
    }

    private void carryOut(C change, Consumer<ChangeReport> show) {
        show.accept(change.report());
        if (!change.isEmpty()) {
            backend.kernel().apply(change);
        }
    }
}

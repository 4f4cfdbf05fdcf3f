package io.fairlead.demo;

import io.fairlead.core.plan.Plan;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.rules.Ruleset;
import java.util.function.Consumer;

/** A backend as the story uses it, its types bound together. */
final class KernelRules<R extends Ruleset, C extends Change> {
    private final Backend<R, C> backend;

    private KernelRules(Backend<R, C> backend) {
        this.backend = backend;
    }

    /** Binds the types of a backend that is known only as one of several. */
    static KernelRules<?, ?> of(Backend<?, ?> backend) {
        return bind(backend);
    }

    private static <R extends Ruleset, C extends Change> KernelRules<R, C> bind(Backend<R, C> backend) {
        return new KernelRules<>(backend);
    }

    /** Shows the difference between kernel and plan, then takes it to the kernel. */
    void bring(Plan plan, Consumer<ChangeReport> show) {
        carryOut(difference(plan), show);
    }

    /** Whether the kernel, read back, has exactly what the plan asks for. */
    boolean inStep(Plan plan) {
        return difference(plan).isEmpty();
    }

    /** Shows what has to go, then takes it away. */
    void remove(Consumer<ChangeReport> show) {
        carryOut(backend.removal(backend.read()), show);
    }

    /** Whether the kernel has nothing of ours. */
    boolean gone() {
        return backend.removal(backend.read()).isEmpty();
    }

    private C difference(Plan plan) {
        return backend.diff(backend.read(), backend.render(plan));
    }

    private void carryOut(C change, Consumer<ChangeReport> show) {
        show.accept(change.report());
        if (!change.isEmpty()) {
            backend.apply(change);
        }
    }
}

package io.fairlead.ui;

import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.KernelRules;
import io.fairlead.core.rules.Notice;
import io.fairlead.core.rules.Ruleset;
import java.util.List;
import java.util.function.Consumer;

/**
 * Access to the kernel's rules that reports each accepted change, so that the page shows exactly what was applied.
 *
 * @param kernel the access that does the work
 * @param accepted receives each change after the kernel has accepted it
 */
record RecordedKernel<R extends Ruleset, C extends Change>(KernelRules<R, C> kernel, Consumer<Change> accepted)
        implements KernelRules<R, C> {
    @Override
    public R read() {
        return kernel.read();
    }

    @Override
    public void apply(C change) {
        kernel.apply(change);
        accepted.accept(change);
    }

    @Override
    public List<Notice> poll() {
        return kernel.poll();
    }

    @Override
    public boolean isWatched() {
        return kernel.isWatched();
    }
}

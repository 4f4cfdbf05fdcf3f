package io.fairlead.vm;

import io.fairlead.core.flow.Host;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.core.trace.Tracer;
import io.fairlead.iptables.IptablesBackend;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.nft.NftBackend;
import io.fairlead.nft.kernel.NftProgram;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A backend with its type parameters bound, on one node's kernel. */
final class Kernel<R extends Ruleset, C extends Change> {
    private final Backend<R, C> backend;
    /** The rules in the kernel, if they are known without reading them. */
    private @Nullable R written;

    private Kernel(Backend<R, C> backend) {
        this.backend = backend;
    }

    /** All modes. */
    static List<ProxyMode> modes() {
        return List.of(ProxyMode.values());
    }

    /** A new backend of a mode, as after a start of the program. */
    static Kernel<?, ?> open(ProxyMode mode, ProcessRunner runner) {
        return open(mode, runner, IptablesOptions.Variant.SYSTEM);
    }

    /** A new backend of a mode with a variant of iptables. The variant matters in iptables mode only. */
    static Kernel<?, ?> open(ProxyMode mode, ProcessRunner runner, IptablesOptions.Variant variant) {
        return switch (mode) {
            case IPTABLES -> iptables(runner, IptablesOptions.defaults().with(variant));
            case NFTABLES -> new Kernel<>(new NftBackend(new NftProgram(runner)));
        };
    }

    /** A new backend of iptables with these options. */
    static Kernel<?, ?> iptables(ProcessRunner runner, IptablesOptions options) {
        return new Kernel<>(new IptablesBackend(runner, options));
    }

    /** Applies a plan, then checks that no difference is left. */
    void bring(Plan plan) {
        apply(plan);
        C left = difference(plan);
        if (!left.isEmpty()) {
            throw new AssertionError("difference left after apply: " + left.report());
        }
    }

    /** Reads the kernel, compares it with a plan and writes the difference. */
    void apply(Plan plan) {
        written = null;
        advance(plan);
    }

    /**
     * Compares a plan with the rules written last and writes the difference, without reading the kernel. The agent does
     * the same between two changes.
     */
    void advance(Plan plan) {
        R current = written == null ? backend.read() : written;
        R desired = backend.render(plan);
        C change = backend.diff(current, desired);
        if (!change.isEmpty()) {
            backend.apply(change);
        }
        written = backend.after(current, desired, change);
    }

    /** Whether the kernel has the plan's rules. */
    boolean inStep(Plan plan) {
        return difference(plan).isEmpty();
    }

    /** Computes the change to a plan now, and applies it when the result is run. */
    Runnable prepared(Plan plan) {
        C change = difference(plan);
        return () -> {
            written = null;
            backend.apply(change);
        };
    }

    /** Removes all of Fairlead's rules. */
    void remove() {
        written = null;
        backend.apply(backend.removal(backend.read()));
    }

    /** Fairlead's rules in the kernel, as text. */
    String text() {
        return backend.read().text();
    }

    /** A tracer over the rules rendered from a plan. */
    Tracer rendered(Plan plan, Host host) {
        return backend.render(plan).tracer(host);
    }

    /** A tracer over the rules in the kernel. */
    Tracer readBack(Host host) {
        return backend.read().tracer(host);
    }

    private C difference(Plan plan) {
        return backend.diff(backend.read(), backend.render(plan));
    }
}

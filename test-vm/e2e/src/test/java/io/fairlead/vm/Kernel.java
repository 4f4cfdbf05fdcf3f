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

/** A backend with its types bound together, on one node's kernel. */
final class Kernel<R extends Ruleset, C extends Change> {
    private final Backend<R, C> backend;
    /** What the kernel has, if that is known without reading. */
    private @Nullable R written;

    private Kernel(Backend<R, C> backend) {
        this.backend = backend;
    }

    /** Every mode there is. */
    static List<ProxyMode> modes() {
        return List.of(ProxyMode.values());
    }

    /** The backend of a mode, as it is after a start of the program. */
    static Kernel<?, ?> open(ProxyMode mode, ProcessRunner runner) {
        return open(mode, runner, IptablesOptions.Variant.SYSTEM);
    }

    /** The same with one of the two variants of iptables, which counts in iptables mode only. */
    static Kernel<?, ?> open(ProxyMode mode, ProcessRunner runner, IptablesOptions.Variant variant) {
        return switch (mode) {
            case IPTABLES -> iptables(runner, IptablesOptions.defaults().with(variant));
            case NFTABLES -> new Kernel<>(new NftBackend(new NftProgram(runner)));
        };
    }

    /** The backend of iptables as it is asked for. */
    static Kernel<?, ?> iptables(ProcessRunner runner, IptablesOptions options) {
        return new Kernel<>(new IptablesBackend(runner, options));
    }

    /** Reads, compares, writes the difference, and makes sure that none is left. */
    void bring(Plan plan) {
        apply(plan);
        C left = difference(plan);
        if (!left.isEmpty()) {
            throw new AssertionError("still to do after apply: " + left.report());
        }
    }

    /** Reads, compares, and writes the difference. */
    void apply(Plan plan) {
        written = null;
        advance(plan);
    }

    /**
     * Compares with what was written last and writes the difference, without reading: as the agent does from one change
     * to the next.
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

    /** Whether there is nothing to write. */
    boolean inStep(Plan plan) {
        return difference(plan).isEmpty();
    }

    /** The difference as it would be applied now, held back until it is run. */
    Runnable prepared(Plan plan) {
        C change = difference(plan);
        return () -> {
            written = null;
            backend.apply(change);
        };
    }

    /** Takes away everything of ours. */
    void remove() {
        written = null;
        backend.apply(backend.removal(backend.read()));
    }

    /** What is ours in the kernel, as text. */
    String text() {
        return backend.read().text();
    }

    /** A tracer over what would be written. */
    Tracer rendered(Plan plan, Host host) {
        return backend.render(plan).tracer(host);
    }

    /** A tracer over what the kernel has. */
    Tracer readBack(Host host) {
        return backend.read().tracer(host);
    }

    private C difference(Plan plan) {
        return backend.diff(backend.read(), backend.render(plan));
    }
}

package io.fairlead.iptables.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.ApplyFailedException.Kind;
import io.fairlead.iptables.rule.CounterName;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether rules count packets with nfacct, and the counters that they name. Rules count if the kernel has nfacct
 * objects and the tool accepts the match; the second fails where the kernel lacks xt_nfacct or the tool its
 * libxt_nfacct.so. One thread only.
 */
public final class Counting {
    private static final List<String> TRIAL = List.of(
            "*filter\n",
            ":KUBE-PROXY-CANARY - [0:0]\n",
            "-A KUBE-PROXY-CANARY -m nfacct --nfacct-name " + CounterName.INVALID_DROPPED.text() + "\n",
            "COMMIT\n");

    private final PacketCounters counters;
    private final BooleanSupplier accepted;
    private @Nullable Boolean on;
    private boolean created;

    private Counting(PacketCounters counters, BooleanSupplier accepted) {
        this.counters = counters;
        this.accepted = accepted;
    }

    /** Returns the state in which no rule counts. */
    public static Counting none() {
        return new Counting(PacketCounters.NONE, () -> false);
    }

    /** Returns the state in which rules count, for rules that are only compared. */
    public static Counting always() {
        Counting counting = none();
        counting.on = true;
        return counting;
    }

    /** Returns the state of a node. Kernel and tool are queried, without a write, when the first rules are rendered. */
    public static Counting of(PacketCounters counters, Tools tools, IpFamily family) {
        return new Counting(counters, () -> tools.accepts(family, TRIAL));
    }

    /** Returns whether rules count. */
    public boolean isOn() {
        if (on == null) {
            on = counters.exist() && accepted.getAsBoolean();
        }
        return on;
    }

    /** Forgets that the counters exist: while no rule names them, another program can delete them. */
    public void reading() {
        created = false;
    }

    /**
     * Creates the counters that do not exist.
     *
     * @throws ApplyFailedException if the kernel refuses one; from then on no rule counts, so the next attempt needs
     *     none
     */
    public void create() {
        if (created) {
            return;
        }
        for (CounterName name : CounterName.OURS) {
            counters.create(name).ifPresent(problem -> {
                on = false;
                throw new ApplyFailedException(
                        Kind.MISSING_KERNEL_FEATURE,
                        "cannot create nfacct counter " + name.text() + ": " + problem
                                + "; rules are written without counters",
                        problem,
                        List.of(),
                        List.of());
            });
        }
        created = true;
    }
}

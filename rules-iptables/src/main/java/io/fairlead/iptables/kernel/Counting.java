package io.fairlead.iptables.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.ApplyFailedException.Kind;
import io.fairlead.iptables.rule.CounterName;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether rules count packets with nfacct, and creates the counters that the rules name. Rules count packets if
 * the kernel has nfacct objects and the iptables program accepts the match. The program rejects the match if the kernel
 * lacks xt_nfacct, or if the file libxt_nfacct.so is missing. Not thread-safe.
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

    /** Returns an instance with which no rule counts packets. */
    public static Counting none() {
        return new Counting(PacketCounters.NONE, () -> false);
    }

    /** Returns an instance with which rules count packets. It is for rules that are not written into a kernel. */
    public static Counting always() {
        Counting counting = none();
        counting.on = true;
        return counting;
    }

    /**
     * Returns an instance for a node. The first call of {@link #isOn} queries the kernel and the tool, and does not
     * write anything.
     */
    public static Counting of(PacketCounters counters, Tools tools, IpFamily family) {
        return new Counting(counters, () -> tools.accepts(family, TRIAL));
    }

    /** Returns whether rules count packets. */
    public boolean isOn() {
        if (on == null) {
            on = counters.exist() && accepted.getAsBoolean();
        }
        return on;
    }

    /** Forgets that the counters exist. Another program can delete a counter while no rule names it. */
    public void reading() {
        created = false;
    }

    /**
     * Creates the counters that do not exist.
     *
     * @throws ApplyFailedException if the kernel refuses a counter. After that, no rule counts packets, so the next
     *     attempt needs no counter
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

package io.fairlead.iptables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.KernelRules;
import io.fairlead.core.rules.Notice;
import io.fairlead.core.rules.RuleWatch;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.kernel.Applier;
import io.fairlead.iptables.kernel.Counting;
import io.fairlead.iptables.kernel.KernelReader;
import io.fairlead.iptables.kernel.PacketCounters;
import io.fairlead.iptables.kernel.RawTables;
import io.fairlead.iptables.kernel.RecentLists;
import io.fairlead.iptables.kernel.Tools;
import io.fairlead.iptables.kernel.XtablesLock;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.linux.process.ProcessRunner;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads and writes rules with the programs of iptables and ip6tables. Not thread-safe. */
public final class IptablesKernel implements KernelRules<IptablesRuleset, IptablesChange> {
    private static final int MOST_NEW_CHAINS = 1000;

    private final ProcessRunner runner;
    private final IptablesOptions options;
    private final Tools tools;
    private final RawTables raw;
    private final Counting counting;
    private final KernelReader reader;
    private final Applier applier;
    private final RecentLists recentLists;
    private final XtablesLock lock;
    private final @Nullable RuleWatch<? super TableChange> watch;
    private final Remarks missingFamilies = new Remarks();
    private final Remarks unreadTables = new Remarks();
    private final Remarks leftovers = new Remarks();
    private final Remarks shortLists = new Remarks();

    /** Creates an instance that runs the tools with {@code runner}, without packet counters and without a watch. */
    public IptablesKernel(ProcessRunner runner, IptablesOptions options) {
        this(runner, options, new RecentLists(RecentLists.LIMIT));
    }

    IptablesKernel(ProcessRunner runner, IptablesOptions options, RecentLists recentLists) {
        this(runner, options, recentLists, XtablesLock.ofThisProcess(), RawTables.NONE, Counting.none(), null);
    }

    IptablesKernel(
            ProcessRunner runner,
            IptablesOptions options,
            RecentLists recentLists,
            XtablesLock lock,
            RawTables raw,
            Counting counting,
            @Nullable RuleWatch<? super TableChange> watch) {
        this.runner = runner;
        this.options = options;
        this.recentLists = recentLists;
        this.lock = lock;
        this.raw = raw;
        this.counting = counting;
        this.watch = watch;
        this.tools = tools(runner, options, lock);
        this.reader = new KernelReader(tools, raw);
        this.applier = new Applier(tools, raw, watch == null ? _ -> {} : watch::committed);
    }

    static Tools tools(ProcessRunner runner, IptablesOptions options, XtablesLock lock) {
        Map<IpFamily, String> programs = new EnumMap<>(IpFamily.class);
        for (IpFamily family : IpFamily.values()) {
            programs.put(family, options.variant().program(family));
        }
        return new Tools(runner, programs, options.waitSeconds(), lock);
    }

    /** Returns a backend that consists of this instance and of the layout for the same options. */
    public Backend<IptablesRuleset, IptablesChange> backend() {
        return new Backend<>(new IptablesLayout(options, counting), this);
    }

    /**
     * Returns a copy that detects changes by other programs.
     *
     * @param other a watch over the same network namespace and variant; null for no watch
     */
    public IptablesKernel watchedBy(@Nullable RuleWatch<? super TableChange> other) {
        return new IptablesKernel(runner, options, recentLists, lock, raw, counting, other);
    }

    /**
     * Returns a copy that queries nf_tables for rules that iptables does not show. This helps only with the nft
     * variant, because nf_tables does not contain the tables of the legacy variant.
     */
    public IptablesKernel seeing(RawTables tables) {
        return new IptablesKernel(runner, options, recentLists, lock, tables, counting, watch);
    }

    /** Returns a copy whose rules count packets, if the kernel and the tools support it (CT-16, NP-21). */
    public IptablesKernel counting(PacketCounters counters) {
        Counting ofNode = Counting.of(counters, tools, options.primary());
        return new IptablesKernel(runner, options, recentLists, lock, raw, ofNode, watch);
    }

    /**
     * Returns whether the tool of a family works (PROTO-6). A tool that cannot show the rules of other programs counts
     * as working.
     */
    public boolean worksIn(IpFamily family) {
        return tools.worksIn(family);
    }

    /**
     * Reads Fairlead's rules, except rules that the tools cannot show. {@link #poll} reports what could not be read. If
     * the tool of the family that is not primary fails, the family is left out, and {@link #poll} reports it (PROTO-6).
     *
     * @throws ApplyFailedException if the tool of the primary family fails. Also if a tool of either family does not
     *     get its lock or does not end in time, because a later call may succeed
     */
    @Override
    public IptablesRuleset read() {
        SortedMap<IpFamily, FamilyRules> families = new TreeMap<>();
        List<String> missing = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        counting.reading();
        if (watch != null) {
            watch.reading();
        }
        for (IpFamily family : IpFamily.values()) {
            try {
                KernelReader.Reading reading = reader.read(family);
                families.put(family, reading.rules());
                unread.addAll(reading.unread());
            } catch (ApplyFailedException e) {
                boolean passes =
                        e.kind() == ApplyFailedException.Kind.LOCKED || e.kind() == ApplyFailedException.Kind.TIMED_OUT;
                if (family == options.primary() || passes) {
                    throw e;
                }
                missing.add("no " + family.text() + " rules: " + e.getMessage());
            }
        }
        missingFamilies.are(missing);
        unreadTables.are(unread);
        List<String> unused = new ArrayList<>();
        families.forEach((family, rules) -> unused.addAll(Leftovers.unused(family, rules)));
        leftovers.are(unused);
        IptablesRuleset rules = new IptablesRuleset(families);
        recentLists.remark(rules.families().values()).ifPresent(shortLists::add);
        return rules;
    }

    /**
     * Applies a change, one transaction for each family and table. {@link Applier} says what happens if a transaction
     * is refused. The exception names the Service whose rules are at fault. If the tool does not report the faulty
     * line, a binary search finds the Service.
     *
     * <p>With the nft variant, a transaction with very many new chains is written in parts, see
     * {@link TableChange#parts}. The reason: for each line of its input, iptables-nft-restore (1.8.9) searches a list
     * of all chains that the input has named so far. Therefore its time grows with the square of the number of chains.
     */
    @Override
    public void apply(IptablesChange change) {
        List<TableChange> written = change.transactions();
        if (written.stream().anyMatch(TableChange::writesCounters)) {
            counting.create();
        }
        if (written.stream().anyMatch(transaction -> transaction.newChains() > MOST_NEW_CHAINS)
                && IptablesVariants.inUse(tools, options) == IptablesOptions.Variant.NFT) {
            written = written.stream()
                    .flatMap(transaction -> transaction.parts(MOST_NEW_CHAINS).stream())
                    .toList();
        }
        applier.apply(written).forEach(leftovers::add);
        for (TableChange transaction : change.transactions()) {
            if (!transaction.before().referrers().isEmpty()) {
                Leftovers.unused(transaction.family(), transaction.after()).forEach(leftovers::add);
            }
        }
        // The kernel loads xt_recent when it receives the first rule that needs it. Before that, the size of the lists
        // is unknown.
        recentLists.remarkOn(change.transactions()).ifPresent(shortLists::add);
    }

    @Override
    public List<Notice> poll() {
        List<Notice> notices = new ArrayList<>();
        for (Remarks remarks : List.of(missingFamilies, unreadTables, leftovers, shortLists)) {
            notices.addAll(remarks.take());
        }
        if (watch != null) {
            try {
                watch.poll().ifPresent(notices::add);
            } catch (IllegalStateException e) {
                notices.add(new Notice.WatchFailed(String.valueOf(e.getMessage())));
            }
        }
        return notices;
    }

    @Override
    public boolean isWatched() {
        return watch != null;
    }
}

package io.fairlead.iptables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PlanDelta;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Follower;
import io.fairlead.core.rules.RuleWatch;
import io.fairlead.iptables.diff.Applied;
import io.fairlead.iptables.diff.FamilyDiff;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.follow.FamilyFollower;
import io.fairlead.iptables.kernel.Applier;
import io.fairlead.iptables.kernel.KernelReader;
import io.fairlead.iptables.kernel.RawTables;
import io.fairlead.iptables.kernel.RecentLists;
import io.fairlead.iptables.kernel.Tools;
import io.fairlead.iptables.kernel.XtablesLock;
import io.fairlead.iptables.render.EndpointLayout;
import io.fairlead.iptables.render.Renderer;
import io.fairlead.iptables.rule.Chain;
import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.linux.process.ProcessRunner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts plans into the kernel with iptables and ip6tables, in the chains of kube-proxy. One thread only. */
public final class IptablesBackend implements Backend<IptablesRuleset, IptablesChange> {
    private static final int MOST_NEW_CHAINS = 1000;

    private final ProcessRunner runner;
    private final IptablesOptions options;
    private final Tools tools;
    private final RawTables raw;
    private final KernelReader reader;
    private final Applier applier;
    private final RecentLists recentLists;
    private final XtablesLock lock;
    private final @Nullable RuleWatch<? super TableChange> watch;
    private List<String> notices = List.of();
    private List<String> recentNotices = List.of();
    private final List<String> news = new ArrayList<>();
    private final Set<String> knownLeftovers = new HashSet<>();
    private final Set<String> knownUnread = new HashSet<>();

    /** A backend that runs the tools with {@code runner}. */
    public IptablesBackend(ProcessRunner runner, IptablesOptions options) {
        this(runner, options, new RecentLists(RecentLists.LIMIT));
    }

    IptablesBackend(ProcessRunner runner, IptablesOptions options, RecentLists recentLists) {
        this(runner, options, recentLists, XtablesLock.ofThisProcess(), RawTables.NONE, null);
    }

    IptablesBackend(
            ProcessRunner runner,
            IptablesOptions options,
            RecentLists recentLists,
            XtablesLock lock,
            RawTables raw,
            @Nullable RuleWatch<? super TableChange> watch) {
        this.recentLists = recentLists;
        this.watch = watch;
        this.runner = runner;
        Map<IpFamily, String> programs = new EnumMap<>(IpFamily.class);
        for (IpFamily family : IpFamily.values()) {
            programs.put(family, options.variant().program(family));
        }
        this.options = options;
        this.tools = new Tools(runner, programs, options.waitSeconds(), lock);
        this.lock = lock;
        this.raw = raw;
        this.reader = new KernelReader(tools, raw);
        this.applier = new Applier(tools, raw, watch == null ? _ -> {} : watch::committed);
    }

    /** Returns a backend with another family that must work (PROTO-7). */
    public IptablesBackend withPrimary(IpFamily primary) {
        return primary == options.primary()
                ? this
                : new IptablesBackend(runner, options.withPrimary(primary), recentLists, lock, raw, watch);
    }

    /** Returns a backend with another layout of the chains that list frontends. */
    public IptablesBackend with(Layout layout) {
        return layout.equals(options.layout())
                ? this
                : new IptablesBackend(runner, options.with(layout), recentLists, lock, raw, watch);
    }

    /** Returns a backend with another choice of the endpoints that have a chain. */
    public IptablesBackend with(EndpointLayout endpoints) {
        return endpoints == options.endpoints()
                ? this
                : new IptablesBackend(runner, options.with(endpoints), recentLists, lock, raw, watch);
    }

    /** Returns a backend with the tools of one variant, without a watch. */
    public IptablesBackend with(IptablesOptions.Variant variant) {
        return new IptablesBackend(runner, options.with(variant), recentLists, lock, RawTables.NONE, null);
    }

    /**
     * Returns a backend that detects changes by other programs.
     *
     * @param other a watch over the same network namespace and variant; null for none
     */
    public IptablesBackend watchedBy(@Nullable RuleWatch<? super TableChange> other) {
        return new IptablesBackend(runner, options, recentLists, lock, raw, other);
    }

    /**
     * Returns a backend that queries nf_tables where iptables hides something. Only with the nft variant does nf_tables
     * know our tables.
     */
    public IptablesBackend seeing(RawTables tables) {
        return new IptablesBackend(runner, options, recentLists, lock, tables, watch);
    }

    /** Returns the variant that was configured. */
    public IptablesOptions.Variant variant() {
        return options.variant();
    }

    /**
     * Returns the variant that the node uses, which can differ from the variant of {@code iptables}: the one with the
     * kubelet's chain, else the one with more rules (SYNC-19). Returns SYSTEM if it is unknown or is already in use.
     */
    public IptablesOptions.Variant variantOfNode() {
        IptablesOptions.Variant installed = variantInUse();
        IptablesOptions.Variant ofNode = new NodesVariant(runner, installed).find();
        return ofNode == installed ? IptablesOptions.Variant.SYSTEM : ofNode;
    }

    /** Returns the backend of the variant that is not in use, if a proxy has chains there too. */
    public Optional<IptablesBackend> otherVariant() {
        IptablesOptions.Variant used = variantInUse();
        return new NodesVariant(runner, used).alsoWritten(used).map(this::with);
    }

    @Override
    public Optional<String> changedByOthers() {
        return watch == null ? Optional.empty() : watch.changedByOthers();
    }

    @Override
    public boolean noticesOthers() {
        return watch != null;
    }

    @Override
    public ProxyMode mode() {
        return ProxyMode.IPTABLES;
    }

    /**
     * Returns the rules that implement a plan.
     *
     * @throws IllegalArgumentException if the plan is for the other mode, because packets are treated differently there
     */
    @Override
    public IptablesRuleset render(Plan plan) {
        if (plan.mode() != ProxyMode.IPTABLES) {
            throw new IllegalArgumentException("a plan for mode " + plan.mode().text());
        }
        List<FamilyRules> families = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            families.add(Renderer.render(
                    plan.node(family),
                    plan.ports(family).toList(),
                    options.layout(),
                    options.endpoints(),
                    options.randomFully()));
        }
        return IptablesRuleset.of(families.toArray(FamilyRules[]::new));
    }

    /** Leaves out a family that is missing on one side (PROTO-6). */
    @Override
    public IptablesChange diff(IptablesRuleset current, IptablesRuleset desired) {
        List<TableChange> transactions = new ArrayList<>();
        current.families().forEach((family, before) -> {
            FamilyRules after = desired.families().get(family);
            if (after != null) {
                transactions.addAll(FamilyDiff.between(before, after));
            }
        });
        return new IptablesChange(transactions, options);
    }

    /** Returns the rules without missing families, and with whatever a diff keeps. */
    @Override
    public IptablesRuleset after(IptablesRuleset current, IptablesRuleset desired, IptablesChange change) {
        SortedMap<IpFamily, FamilyRules> families = new TreeMap<>(current.families());
        families.replaceAll((_, before) -> {
            return Applied.to(before, change.transactions());
        });
        return new IptablesRuleset(families);
    }

    @Override
    public Follower<IptablesChange> follow(IptablesRuleset kernel, Plan plan) {
        recentNotices = recentLists.notices(plan::ports);
        Set<String> staying = new TreeSet<>(leftovers(kernel, IptablesBackend::isUnused));
        knownLeftovers.retainAll(staying);
        report(staying);
        List<FamilyFollower> families = new ArrayList<>();
        kernel.families()
                .forEach((family, rules) -> families.add(new FamilyFollower(
                        plan.node(family), rules, plan.ports(family).toList(), options.layout(), options.endpoints())));
        return new Follower<>(delta -> {
            Follower.Step<IptablesChange> step = Follower.Step.joined(
                    families.stream().map(family -> family.step(delta)).toList(),
                    changes -> new IptablesChange(
                            changes.stream().flatMap(List::stream).toList(), options));
            return new Follower.Step<>() {
                @Override
                public IptablesChange change() {
                    return step.change();
                }

                @Override
                public void accepted() {
                    step.accepted();
                    IptablesBackend.this.accepted(delta);
                }
            };
        });
    }

    @Override
    public List<String> leftovers(IptablesRuleset current) {
        List<String> sentences = new ArrayList<>(leftovers(current, _ -> true));
        current.families()
                .forEach((family, rules) -> rules.tables()
                        .forEach((name, table) -> table.jumps()
                                .forEach((from, jumps) -> jumps.stream()
                                        .filter(jump -> !ChainName.KUBELET_FIREWALL.equals(jump.leadsTo()))
                                        .forEach(jump -> sentences.add("cannot delete the jump from " + from + " to "
                                                + jump.leadsTo() + " in " + place(family, name))))));
        return sentences;
    }

    private static List<String> leftovers(IptablesRuleset current, Predicate<Chain> chosen) {
        List<String> sentences = new ArrayList<>();
        current.families()
                .forEach((family, rules) -> rules.tables()
                        .forEach((name, table) -> table.chains().values().stream()
                                .filter(chain -> !chain.name().isShared() && chosen.test(chain))
                                .forEach(chain -> sentences.add(staying(family, table, chain)))));
        return sentences;
    }

    private static String staying(IpFamily family, TableRules table, Chain chain) {
        String referrer = table.referrers()
                .getOrDefault(chain.name(), "something of another program that iptables does not show");
        return "cannot delete chain " + chain.name() + " in " + place(family, table.table()) + ": " + referrer
                + " leads to it; the chain stays" + (chain.rules().isEmpty() ? " without rules" : "");
    }

    private static String place(IpFamily family, Table table) {
        return family.text() + " table " + table.text();
    }

    /** Returns true for chains that no plan renders: a chain of a Service or a branch is never empty in a plan. */
    private static boolean isUnused(Chain chain) {
        ChainName name = chain.name();
        return name.equals(ChainName.MARK_DROP)
                || ((name.isOfService() || name.isBranch()) && chain.rules().isEmpty());
    }

    private void report(Collection<String> leftovers) {
        leftovers.stream().filter(knownLeftovers::add).forEach(news::add);
    }

    /**
     * Called when the kernel serves these Services. It loads the module for affinity with the first Service that needs
     * it, and only then the size of the client lists is known.
     */
    private void accepted(PlanDelta delta) {
        if (recentNotices.isEmpty()) {
            recentNotices = recentLists.notices(delta::after);
            news.addAll(recentNotices);
        }
    }

    @Override
    public List<String> news() {
        List<String> reported = List.copyOf(news);
        news.clear();
        return reported;
    }

    /**
     * Removes everything that the cleanup of kube-proxy removes (CLN-3). The kubelet's chain KUBE-FIREWALL is kept
     * (CLN-4).
     */
    @Override
    public IptablesChange removal(IptablesRuleset current) {
        return diff(
                current,
                IptablesRuleset.of(current.families().keySet().stream()
                        .map(FamilyRules::of)
                        .toArray(FamilyRules[]::new)));
    }

    /**
     * Reads our rules, as far as they are readable; {@link #news} reports what is not. A family whose tool fails is
     * left out with a notice, unless it is the primary family (PROTO-6).
     */
    @Override
    public IptablesRuleset read() {
        SortedMap<IpFamily, FamilyRules> families = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        List<String> unread = new ArrayList<>();
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
                problems.add("no " + family.text() + " rules: " + e.getMessage());
            }
        }
        notices = List.copyOf(problems);
        knownUnread.retainAll(unread);
        unread.stream().filter(knownUnread::add).forEach(news::add);
        return new IptablesRuleset(families);
    }

    /**
     * Runs a change, one transaction for each family and table; {@link Applier} says what happens if one is refused.
     * The exception names the Service whose rules are at fault. If the tool does not name it, a search by halving finds
     * it.
     *
     * <p>With the nft variant, very many new chains are written in parts, see {@link TableChange#parts}. For each line,
     * its tool searches a list of all chains that the input has named (1.8.9), so the time grows with the square of
     * their number.
     */
    @Override
    public void apply(IptablesChange change) {
        List<TableChange> written = change.transactions();
        if (written.stream().anyMatch(transaction -> transaction.newChains() > MOST_NEW_CHAINS)
                && variantInUse() == IptablesOptions.Variant.NFT) {
            written = written.stream()
                    .flatMap(transaction -> transaction.parts(MOST_NEW_CHAINS).stream())
                    .toList();
        }
        report(applier.apply(written));
        change.transactions().forEach(this::reportEmptied);
    }

    private void reportEmptied(TableChange transaction) {
        if (transaction.before().referrers().isEmpty()) {
            return;
        }
        TableRules after = transaction.after();
        after.referrers().keySet().forEach(name -> {
            Chain chain = after.chains().get(name);
            if (chain != null && isUnused(chain)) {
                report(List.of(staying(transaction.family(), transaction.before(), chain)));
            }
        });
    }

    /**
     * Returns messages for the operator: families that the last {@link #read()} left out, and client lists that are too
     * short.
     */
    public List<String> notices() {
        return Stream.concat(notices.stream(), recentNotices.stream()).toList();
    }

    /** Returns whether the tool of a family works (PROTO-6), even if it cannot show rules of other programs. */
    public boolean worksIn(IpFamily family) {
        return tools.worksIn(family);
    }

    /**
     * Returns the variant of the tools in use.
     *
     * @return NFT if the tools report it; LEGACY if they report it or report no variant (before 1.8 there was no
     *     other); SYSTEM if they do not answer
     */
    public IptablesOptions.Variant variantInUse() {
        String version = tools.version(options.primary());
        if (version.isEmpty()) {
            return IptablesOptions.Variant.SYSTEM;
        }
        return version.contains("nf_tables") ? IptablesOptions.Variant.NFT : IptablesOptions.Variant.LEGACY;
    }
}

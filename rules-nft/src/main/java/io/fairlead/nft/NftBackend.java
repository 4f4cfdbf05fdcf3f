package io.fairlead.nft;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Follower;
import io.fairlead.core.rules.RememberedClients;
import io.fairlead.core.rules.RuleWatch;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.nft.affinity.AffinityCleanup;
import io.fairlead.nft.affinity.AffinityFill;
import io.fairlead.nft.diff.Applied;
import io.fairlead.nft.diff.TableChange;
import io.fairlead.nft.diff.TableDiff;
import io.fairlead.nft.follow.FamilyFollower;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.kernel.Refusal;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.render.Renderer;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.TableText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts plans into the tables {@code ip kube-proxy} and {@code ip6 kube-proxy} (NFT-1). It does not change any other
 * table.
 */
public final class NftBackend implements Backend<NftRuleset, NftChange> {
    private final Nftables unwatched;
    private final Nftables nftables;
    private final AffinityCleanup affinity;
    private final @Nullable RuleWatch<Object> watch;
    private @Nullable RememberedClients fullestAffinity;
    private final Set<IpFamily> leftBehind = EnumSet.noneOf(IpFamily.class);

    /** Reports to a watch each transaction that the kernel accepted. */
    private record Watched(Nftables nftables, RuleWatch<Object> watch) implements Nftables {
        @Override
        public Answer apply(Transaction transaction) {
            Answer answer = nftables.apply(transaction);
            if (answer instanceof Answer.Done) {
                watch.committed(transaction);
            }
            return answer;
        }

        @Override
        public Optional<String> list(IpFamily family) {
            return nftables.list(family);
        }

        @Override
        public Optional<String> list(IpFamily family, SetName map) {
            return nftables.list(family, map);
        }
    }

    /** A backend without a watch. */
    public NftBackend(Nftables nftables) {
        this(nftables, null);
    }

    /**
     * A backend that detects changes by other programs.
     *
     * @param watch a watch over the same network namespace; null for none
     */
    public NftBackend(Nftables nftables, @Nullable RuleWatch<Object> watch) {
        this.unwatched = nftables;
        this.nftables = watch == null ? nftables : new Watched(nftables, watch);
        this.affinity = new AffinityCleanup(this.nftables);
        this.watch = watch;
    }

    /**
     * Returns a backend that detects changes by other programs.
     *
     * @param other a watch over the same network namespace; null for none
     */
    public NftBackend watchedBy(@Nullable RuleWatch<Object> other) {
        return new NftBackend(unwatched, other);
    }

    @Override
    public Set<IpFamily> leftBehind() {
        return Set.copyOf(leftBehind);
    }

    @Override
    public Optional<RememberedClients> fullestAffinity() {
        return Optional.ofNullable(fullestAffinity);
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
        return ProxyMode.NFTABLES;
    }

    @Override
    public NftRuleset render(Plan plan) {
        SortedMap<IpFamily, Table> tables = new TreeMap<>();
        for (IpFamily family : IpFamily.values()) {
            tables.put(family, Renderer.table(plan, family));
        }
        return new NftRuleset(tables);
    }

    @Override
    public NftChange diff(NftRuleset current, NftRuleset desired) {
        List<TableChange> changes = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            Table wanted = desired.table(family);
            changes.add(
                    wanted == null
                            ? TableDiff.removal(current.table(family), family)
                            : TableDiff.between(current.table(family), wanted));
        }
        return new NftChange(changes);
    }

    /** Returns {@code desired}, except that endpoints keep their slots and unused pick chains stay. */
    @Override
    public NftRuleset after(NftRuleset current, NftRuleset desired, NftChange change) {
        return after(current, change);
    }

    /** Returns the rules in the kernel after this change of {@code current} is applied. */
    public NftRuleset after(NftRuleset current, NftChange change) {
        SortedMap<IpFamily, Table> tables = new TreeMap<>();
        for (TableChange table : change.tables()) {
            Table after = Applied.to(current.table(table.family()), table);
            if (after != null) {
                tables.put(table.family(), after);
            }
        }
        return new NftRuleset(tables);
    }

    /** @throws IllegalArgumentException if {@code kernel} does not have both tables */
    @Override
    public Follower<NftChange> follow(NftRuleset kernel, Plan plan) {
        List<FamilyFollower> families = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            Table table = kernel.table(family);
            if (table == null) {
                throw new IllegalArgumentException("no table to follow: " + family);
            }
            families.add(new FamilyFollower(plan.node(family), table, plan.ports(family)));
        }
        return new Follower<>(delta -> Follower.Step.joined(
                families.stream().map(family -> family.step(delta)).toList(), NftChange::new));
    }

    /** Deletes both tables. */
    @Override
    public NftChange removal(NftRuleset current) {
        return diff(current, NftRuleset.NONE);
    }

    @Override
    public NftRuleset read() {
        SortedMap<IpFamily, Table> tables = new TreeMap<>();
        List<RememberedClients> fills = new ArrayList<>();
        if (watch != null) {
            watch.reading();
        }
        try {
            for (IpFamily family : IpFamily.values()) {
                nftables.list(family).ifPresent(listing -> {
                    tables.put(family, TableText.parse(listing));
                    AffinityFill.fullest(family, listing).ifPresent(fills::add);
                });
            }
        } catch (ProgramMissingException e) {
            throw Refusal.missingTool(e);
        }
        fullestAffinity = fills.stream()
                .max(Comparator.comparingDouble(RememberedClients::fill))
                .orElse(null);
        return new NftRuleset(tables);
    }

    /**
     * Writes a change as one transaction. A kernel before 6.2 refuses to delete objects that it still references. There
     * the deletions are left out and tried again after the change. If that fails too, the next diff contains them
     * again.
     *
     * <p>{@link ApplyFailedException.Kind#NOT_FOUND} and {@link ApplyFailedException.Kind#EXISTS} mean that the table
     * differs from the one that the change was computed for. The caller must then read, diff and apply again, as
     * {@link #sync} does.
     */
    @Override
    public void apply(NftChange change) {
        leftBehind.clear();
        if (change.isEmpty()) {
            return;
        }
        write(change);
        change.tables().forEach(affinity::after);
    }

    private void write(NftChange change) {
        Nftables.Answer answer = send(change.transaction());
        if (answer instanceof Nftables.Answer.Refused refused
                && refused.busy()
                && !change.tidy().isEmpty()) {
            answer = change.main().isEmpty() ? new Nftables.Answer.Done() : send(change.main());
            if (answer instanceof Nftables.Answer.Done && !(send(change.tidy()) instanceof Nftables.Answer.Done)) {
                change.tables().stream()
                        .filter(table -> !table.tidy().isEmpty())
                        .forEach(table -> leftBehind.add(table.family()));
                return;
            }
        }
        switch (answer) {
            case Nftables.Answer.Done _ -> {}
            case Nftables.Answer.Refused refused -> throw Refusal.of(refused);
            case Nftables.Answer.TimedOut _ -> throw Refusal.timedOut("applying the change");
        }
    }

    /**
     * Reads, compares and writes; once more if another program changed the table in between.
     *
     * @return the last change that was written; empty if nothing differed
     * @throws ApplyFailedException if the change was refused
     */
    public NftChange sync(NftRuleset desired) {
        NftChange change = diff(read(), desired);
        try {
            apply(change);
            return change;
        } catch (ApplyFailedException e) {
            return switch (e.kind()) {
                case NOT_FOUND, EXISTS -> {
                    NftChange again = diff(read(), desired);
                    apply(again);
                    yield again;
                }
                case LOCKED, MISSING_KERNEL_FEATURE, NOT_PERMITTED, REJECTED, TIMED_OUT, MISSING_TOOL -> throw e;
            };
        }
    }

    private Nftables.Answer send(Transaction transaction) {
        try {
            return nftables.apply(transaction);
        } catch (ProgramMissingException e) {
            throw Refusal.missingTool(e);
        }
    }
}

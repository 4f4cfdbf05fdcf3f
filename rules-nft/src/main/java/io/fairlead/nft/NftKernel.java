package io.fairlead.nft;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.KernelRules;
import io.fairlead.core.rules.Notice;
import io.fairlead.core.rules.RememberedClients;
import io.fairlead.core.rules.RuleWatch;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.nft.affinity.AffinityCleanup;
import io.fairlead.nft.affinity.AffinityFill;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.kernel.Refusal;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Client;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the tables {@code ip kube-proxy} and {@code ip6 kube-proxy} (NFT-1). Does not change any other
 * table.
 */
public final class NftKernel implements KernelRules<NftRuleset, NftChange> {
    private final Nftables unwatched;
    private final Nftables nftables;
    private final AffinityCleanup affinity;
    private final @Nullable RuleWatch<Object> watch;
    private final List<Notice> notices = new ArrayList<>();

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
        public List<Transaction> divided(Transaction transaction) {
            return nftables.divided(transaction);
        }

        @Override
        public Optional<ReadTable> read(IpFamily family) {
            return nftables.read(family);
        }

        @Override
        public Optional<List<Client>> clients(IpFamily family, SetName map) {
            return nftables.clients(family, map);
        }
    }

    /** Creates an instance without a watch. */
    public NftKernel(Nftables nftables) {
        this(nftables, null);
    }

    private NftKernel(Nftables nftables, @Nullable RuleWatch<Object> watch) {
        this.unwatched = nftables;
        this.nftables = watch == null ? nftables : new Watched(nftables, watch);
        this.affinity = new AffinityCleanup(this.nftables);
        this.watch = watch;
    }

    /**
     * Returns a copy that detects changes by other programs.
     *
     * @param other a watch over the same network namespace; null for no watch
     */
    public NftKernel watchedBy(@Nullable RuleWatch<Object> other) {
        return new NftKernel(unwatched, other);
    }

    /** Returns a backend that consists of this instance and of the layout of its tables. */
    public Backend<NftRuleset, NftChange> backend() {
        return new Backend<>(new NftLayout(), this);
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
                nftables.read(family).ifPresent(read -> {
                    tables.put(family, read.table());
                    AffinityFill.fullest(read).ifPresent(fills::add);
                });
            }
        } catch (ProgramMissingException e) {
            throw Refusal.missingTool(e);
        }
        notices.add(new Notice.AffinityFill(fills.stream().max(Comparator.comparingDouble(RememberedClients::fill))));
        return new NftRuleset(tables);
    }

    /**
     * Writes a change as one transaction, or as several transactions if the kernel does not accept a transaction of
     * that length. A kernel before 6.2 refuses to delete an object that other objects still reference. In this case,
     * the deletions are left out, and are tried again after the rest of the change. If they fail again, the next full
     * comparison contains them.
     *
     * <p>{@link ApplyFailedException.Kind#NOT_FOUND} and {@link ApplyFailedException.Kind#EXISTS} mean that the table
     * differs from the table for which the change was computed. The caller must then read the table, compute a new
     * change and apply it.
     */
    @Override
    public void apply(NftChange change) {
        if (!change.isEmpty()) {
            write(change);
            change.tables().forEach(affinity::after);
        }
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
                        .forEach(table -> notices.add(new Notice.Undeleted(table.family())));
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
     * Sends a transaction. A long transaction is sent in parts. Sending stops at the first part that the kernel does
     * not accept.
     */
    private Nftables.Answer send(Transaction transaction) {
        try {
            Nftables.Answer answer = new Nftables.Answer.Done();
            for (Transaction piece : nftables.divided(transaction)) {
                answer = nftables.apply(piece);
                if (!(answer instanceof Nftables.Answer.Done)) {
                    break;
                }
            }
            return answer;
        } catch (ProgramMissingException e) {
            throw Refusal.missingTool(e);
        }
    }

    @Override
    public List<Notice> poll() {
        List<Notice> polled = new ArrayList<>(notices);
        notices.clear();
        if (watch != null) {
            try {
                watch.poll().ifPresent(polled::add);
            } catch (IllegalStateException e) {
                polled.add(new Notice.WatchFailed(String.valueOf(e.getMessage())));
            }
        }
        return polled;
    }

    @Override
    public boolean isWatched() {
        return watch != null;
    }
}

package io.fairlead.nft;

import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.rules.Edit;
import io.fairlead.core.rules.Lines;
import io.fairlead.nft.diff.Edits;
import io.fairlead.nft.diff.TableChange;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A change of Fairlead's tables in both address families, written as one transaction.
 *
 * @param tables one change per family
 */
public record NftChange(List<TableChange> tables) implements Change {

    /** Copies the list. */
    public NftChange {
        tables = List.copyOf(tables);
    }

    @Override
    public boolean isEmpty() {
        for (TableChange table : tables) {
            if (!table.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public ChangeReport report() {
        List<Edit> edits = new ArrayList<>();
        tables.forEach(table -> edits.addAll(Edits.of(table).edits()));
        return new ChangeReport(edits);
    }

    @Override
    public Lines lines() {
        Lines lines = Lines.NONE;
        for (TableChange table : tables) {
            lines = lines.and(Edits.count(table));
        }
        return lines;
    }

    /** Returns the commands of {@link #transaction()} for {@code nft -f}. */
    @Override
    public String text() {
        return transaction().text();
    }

    /**
     * Returns one transaction that consists of the operations of {@link #main()}, followed by the operations of
     * {@link #tidy()}.
     */
    public Transaction transaction() {
        List<Transaction.Part> parts = new ArrayList<>();
        addParts(TableChange::main, parts);
        addParts(TableChange::tidy, parts);
        return new Transaction(parts);
    }

    /** Returns the operations that make the rules correct. */
    public Transaction main() {
        List<Transaction.Part> parts = new ArrayList<>();
        addParts(TableChange::main, parts);
        return new Transaction(parts);
    }

    /**
     * Returns the operations that delete unused objects. If the kernel refuses them, they can be left to the next sync.
     */
    public Transaction tidy() {
        List<Transaction.Part> parts = new ArrayList<>();
        addParts(TableChange::tidy, parts);
        return new Transaction(parts);
    }

    private void addParts(Function<TableChange, List<Operation>> operations, List<Transaction.Part> parts) {
        for (TableChange table : tables) {
            if (!operations.apply(table).isEmpty()) {
                parts.add(new Transaction.Part(table.family(), operations.apply(table)));
            }
        }
    }
}

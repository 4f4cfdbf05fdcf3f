package io.fairlead.nft;

import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.nft.diff.Edits;
import io.fairlead.nft.diff.TableChange;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Operation;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A change of the tables of both families, as one transaction.
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
        return tables.stream().allMatch(TableChange::isEmpty);
    }

    @Override
    public ChangeReport report() {
        return new ChangeReport(
                tables.stream().flatMap(table -> Edits.of(table).stream()).toList());
    }

    /** Returns the commands of {@link #transaction()}. */
    @Override
    public String text() {
        return transaction().text();
    }

    /** Returns {@link #main()}, then {@link #tidy()}, as one transaction. */
    public Transaction transaction() {
        return new Transaction(Stream.concat(parts(TableChange::main), parts(TableChange::tidy))
                .toList());
    }

    /** Returns the operations that make the rules correct. */
    public Transaction main() {
        return new Transaction(parts(TableChange::main).toList());
    }

    /** Returns the operations that delete unused objects; they may be left to the next sync. */
    public Transaction tidy() {
        return new Transaction(parts(TableChange::tidy).toList());
    }

    private Stream<Transaction.Part> parts(Function<TableChange, List<Operation>> operations) {
        return tables.stream()
                .filter(table -> !operations.apply(table).isEmpty())
                .map(table -> new Transaction.Part(table.family(), operations.apply(table)));
    }
}

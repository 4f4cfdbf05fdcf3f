package io.fairlead.nft;

import io.fairlead.core.plan.Origin;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.nft.diff.Edits;
import io.fairlead.nft.diff.TableChange;
import io.fairlead.nft.rule.Operation;
import io.fairlead.nft.text.OperationText;
import java.util.List;
import java.util.function.Function;

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

    /** Returns {@link #mainText()}, then {@link #tidyText()}; together they are one transaction. */
    @Override
    public String text() {
        return mainText() + tidyText();
    }

    /** Returns the commands that make the rules correct. */
    public String mainText() {
        return text(TableChange::main);
    }

    /** Returns the commands that delete unused objects; they may be left to the next sync. */
    public String tidyText() {
        return text(TableChange::tidy);
    }

    /**
     * Returns the origin of a line of {@link #text()}.
     *
     * @param line the number of the line, counted from 0
     * @throws IllegalArgumentException if there is no such line
     */
    public Origin origin(int line) {
        int rest = line;
        for (Function<TableChange, List<Operation>> part :
                List.<Function<TableChange, List<Operation>>>of(TableChange::main, TableChange::tidy)) {
            for (TableChange table : tables) {
                for (Operation operation : part.apply(table)) {
                    int lines = OperationText.lines(operation);
                    if (rest < lines) {
                        return Edits.origin(operation, rest);
                    }
                    rest -= lines;
                }
            }
        }
        throw new IllegalArgumentException("no line " + line);
    }

    private String text(Function<TableChange, List<Operation>> part) {
        StringBuilder out = new StringBuilder();
        for (TableChange table : tables) {
            part.apply(table).forEach(operation -> OperationText.write(operation, table.family(), out));
        }
        return out.toString();
    }
}

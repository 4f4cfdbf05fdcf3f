package io.fairlead.iptables;

import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.kernel.Tools;
import java.util.List;

/**
 * Transactions in the order in which they are run, each for one table of one family; see
 * {@link io.fairlead.iptables.diff.FamilyDiff} for why in that order.
 *
 * @param options how the tools are called, as far as the text shows it
 */
public record IptablesChange(List<TableChange> transactions, IptablesOptions options) implements Change {

    /** Copies the list. */
    public IptablesChange {
        transactions = List.copyOf(transactions);
    }

    @Override
    public boolean isEmpty() {
        return transactions.isEmpty();
    }

    @Override
    public ChangeReport report() {
        return new ChangeReport(transactions.stream()
                .flatMap(transaction -> transaction.edits().stream())
                .toList());
    }

    /** The inputs of all calls one after the other, each behind a comment that says which program gets it. */
    @Override
    public String text() {
        StringBuilder text = new StringBuilder();
        for (TableChange transaction : transactions) {
            String program = options.variant().program(transaction.family());
            text.append("# ")
                    .append(String.join(" ", Tools.restoreWords(program, options.waitSeconds())))
                    .append('\n')
                    .append(transaction.text());
        }
        return text.toString();
    }
}

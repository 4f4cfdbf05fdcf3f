package io.fairlead.iptables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.rules.RuleGrowth;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.kernel.Tools;
import io.fairlead.iptables.rule.Table;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A change of iptables rules: transactions in the order in which they run. Each transaction is for one table of one
 * address family. {@link io.fairlead.iptables.diff.FamilyDiff} explains the order.
 *
 * @param options the options of the tools (iptables-restore and ip6tables-restore); the text of the change shows some
 *     of them
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

    @Override
    public List<RuleGrowth> growth() {
        Map<IpFamily, Map<Table, RuleGrowth>> growth = new EnumMap<>(IpFamily.class);
        for (TableChange transaction : transactions) {
            if (IptablesRuleset.COUNTED.contains(transaction.table())) {
                RuleGrowth one = new RuleGrowth(
                        transaction.family(), transaction.table().text(), transaction.growth(), transaction.written());
                growth.computeIfAbsent(transaction.family(), _ -> new EnumMap<>(Table.class))
                        .merge(transaction.table(), one, RuleGrowth::and);
            }
        }
        return growth.values().stream()
                .flatMap(tables -> tables.values().stream())
                .toList();
    }

    /**
     * Returns the inputs of all iptables-restore calls, one after the other. Before each input, a comment names the
     * program.
     */
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

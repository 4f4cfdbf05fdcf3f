package io.fairlead.iptables.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.ApplyFailedException.Kind;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.rule.TableRules;
import io.fairlead.iptables.text.SaveReader;
import io.fairlead.linux.process.ProcessResult;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads Fairlead's rules from the kernel, except rules that the tools cannot show.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>Another program may put rules into the tables of iptables that Fairlead's iptables cannot show: with nft, or
 *       with an extension that Fairlead's iptables does not have. iptables-restore still works in such tables.
 *       Therefore an unreadable chain of Fairlead does not stop any write. It is reported and written again.
 *   <li>iptables-save is first called for all tables. If it fails, it is called for each table. If it cannot show a
 *       table, each built-in chain that may contain Fairlead's jumps is listed separately.
 *   <li>The name of a chain shows whether the chain belongs to Fairlead. Therefore the names are sufficient to find
 *       Fairlead's chains in an unreadable table.
 *   <li>The effect of other programs' rules is never read from the text, because the nft variant leaves out the parts
 *       of a rule that it does not know.
 * </ol>
 */
public final class KernelReader {
    private final Tools tools;
    private final RawTables raw;
    private final Map<IpFamily, Map<Table, UnreadTable>> unreadTables = new EnumMap<>(IpFamily.class);

    /**
     * The rules that were read.
     *
     * @param unread one sentence for each table that could not be read completely
     */
    public record Reading(FamilyRules rules, List<String> unread) {}

    /** Creates a reader that uses these tools, and {@code raw} for rules that the tools do not show. */
    public KernelReader(Tools tools, RawTables raw) {
        this.tools = tools;
        this.raw = raw;
    }

    /**
     * Reads the rules of one family.
     *
     * @throws io.fairlead.core.rules.ApplyFailedException if the tool is missing, or if it fails for a reason other
     *     than the content of a table
     */
    public Reading read(IpFamily family) {
        Map<Table, ProcessResult> partial = new EnumMap<>(Table.class);
        ProcessResult all = tools.save(family);
        String text = all.output();
        if (all.succeeded()) {
            Set<Table> leftOut = SaveReader.leftOut(text);
            leftOut.forEach(table -> partial.put(table, new ProcessResult(0, "", "")));
            if (leftOut.isEmpty()) {
                tools.requireFamily(family, text);
            }
        } else {
            if (Refusal.ofError(all).kind() != Kind.REJECTED) {
                throw tools.failure(tools.program(family) + "-save", all);
            }
            text = readableTables(family, partial);
        }
        return reading(family, SaveReader.read(family, text), partial);
    }

    /**
     * Returns the text of the tables that the tool can show. Puts the results for the other tables into
     * {@code partial}.
     */
    private String readableTables(IpFamily family, Map<Table, ProcessResult> partial) {
        StringBuilder text = new StringBuilder();
        for (Table table : Table.values()) {
            ProcessResult result = tools.save(family, table);
            if (result.succeeded() && SaveReader.leftOut(result.output()).isEmpty()) {
                text.append(result.output());
            } else {
                partial.put(table, result);
            }
        }
        return text.toString();
    }

    private Reading reading(IpFamily family, FamilyRules whole, Map<Table, ProcessResult> partial) {
        Map<Table, TableRules> tables = new TreeMap<>(whole.tables());
        Map<Table, UnreadTable> before = unreadTables.getOrDefault(family, Map.of());
        Map<Table, UnreadTable> now = new EnumMap<>(Table.class);
        List<String> sentences = new ArrayList<>();
        partial.forEach((table, result) -> {
            UnreadTable unread = before.getOrDefault(table, new UnreadTable(tools, raw, family, table))
                    .with(result);
            now.put(table, unread);
            tables.put(table, unread.rules());
            sentences.add(unread.sentence());
        });
        unreadTables.put(family, now);
        RawReferences references = new RawReferences(raw, family);
        Set<Table> shown = EnumSet.allOf(Table.class);
        shown.removeAll(partial.keySet());
        shown.forEach(table -> tables.computeIfPresent(table, (_, rules) -> references.corrected(rules)));
        return new Reading(new FamilyRules(family, new TreeMap<>(tables)), sentences);
    }
}

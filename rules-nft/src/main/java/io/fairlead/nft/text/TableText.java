package io.fairlead.nft.text;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.Hook;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Table;
import java.util.List;
import java.util.Locale;

/**
 * Writes and parses a whole table. The text that is written is input for {@code nft -f}. {@link #parse} reads this text
 * and also the output of {@code nft list table}.
 */
public final class TableText {
    private static final String INDENT = "\t\t";

    private TableText() {}

    /**
     * Returns the text of a table: first objects of types that Fairlead does not use, then sets and maps, then chains.
     * All of them are sorted. The text ends with a newline.
     */
    public static String write(Table table) {
        StringBuilder out = new StringBuilder(1 << 16);
        out.append("table ")
                .append(FamilyText.of(table.family()))
                .append(' ')
                .append(Table.NAME)
                .append(" {\n");
        if (!table.comment().isEmpty()) {
            out.append("\tcomment \"").append(table.comment()).append("\"\n");
        }
        String separator = table.comment().isEmpty() ? "" : "\n";
        for (Table.OtherObject other : table.others()) {
            out.append(separator)
                    .append('\t')
                    .append(other.kind())
                    .append(' ')
                    .append(other.name())
                    .append(" {\n\t}\n");
            separator = "\n";
        }
        for (NamedSet set : table.sets().values()) {
            out.append(separator);
            write(set, table.family(), out);
            separator = "\n";
        }
        for (Chain chain : table.chains().values()) {
            out.append(separator);
            write(chain, table.family(), out);
            separator = "\n";
        }
        return out.append("}\n").toString();
    }

    private static void write(NamedSet set, IpFamily family, StringBuilder out) {
        out.append('\t')
                .append(set.type().isMap() ? "map " : "set ")
                .append(set.name())
                .append(" {\n");
        for (String line : SetTypeText.write(set.type(), family)) {
            out.append(INDENT).append(line).append('\n');
        }
        if (!set.comment().isEmpty()) {
            out.append(INDENT).append("comment \"").append(set.comment()).append("\"\n");
        }
        if (!set.elements().isEmpty()) {
            String before = INDENT + "elements = { ";
            for (Element element : set.elements()) {
                out.append(before);
                ElementText.write(element, out);
                before = ",\n" + INDENT + "             ";
            }
            out.append(" }\n");
        }
        out.append("\t}\n");
    }

    private static void write(Chain chain, IpFamily family, StringBuilder out) {
        out.append("\tchain ").append(chain.name()).append(" {\n");
        if (!chain.comment().isEmpty()) {
            out.append(INDENT).append("comment \"").append(chain.comment()).append("\"\n");
        }
        if (chain.hook() != null) {
            out.append(INDENT).append(hook(chain.hook())).append('\n');
        }
        chain.rules()
                .forEach(rule ->
                        out.append(INDENT).append(RuleText.write(rule, family)).append('\n'));
        out.append("\t}\n");
    }

    static String hook(Hook hook) {
        return "type " + hook.type().name().toLowerCase(Locale.ROOT) + " hook "
                + hook.point().name().toLowerCase(Locale.ROOT) + " priority " + hook.priority() + "; policy "
                + (hook.accepts() ? "accept" : "drop") + ";";
    }

    /** Returns the lines that declare a set, without its name and elements. */
    static List<String> declaration(NamedSet set, IpFamily family) {
        return declaration(set.type(), family);
    }

    /** Returns the lines that declare a set of a type, for example "type ipv4_addr". */
    public static List<String> declaration(SetType type, IpFamily family) {
        return SetTypeText.write(type, family);
    }

    /**
     * Parses Fairlead's table of one family. Objects and rules that Fairlead cannot have written become foreign objects
     * and foreign rules.
     *
     * @throws io.fairlead.core.trace.UnknownRuleException if the text is not a table
     */
    public static Table parse(String text) {
        return new TableReader(text).read();
    }
}

package io.fairlead.nft.text;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Operation;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes operations as commands for {@code nft -f}. An operation has one line. An operation on elements has a first
 * line, one line for each element, and a line with the closing brace. Therefore a line number in an error of nft
 * identifies the origin of the fault.
 */
public final class OperationText {
    private OperationText() {}

    /** Appends the lines of an operation. Each line ends with a newline. */
    public static void write(Operation operation, IpFamily family, StringBuilder out) {
        String table = FamilyText.of(family) + " " + Table.NAME;
        switch (operation) {
            case Operation.AddTable(var comment) ->
                out.append("add table ")
                        .append(table)
                        .append(comment.isEmpty() ? "" : " { comment \"" + comment + "\"; }");
            case Operation.DeleteTable _ -> out.append("delete table ").append(table);
            case Operation.AddChain(Chain chain) -> {
                out.append("add chain ").append(table).append(' ').append(chain.name());
                writeHead(chain, out);
            }
            case Operation.FlushChain(Chain chain) ->
                out.append("flush chain ").append(table).append(' ').append(chain.name());
            case Operation.DeleteChain(Chain chain) ->
                out.append("delete chain ").append(table).append(' ').append(chain.name());
            case Operation.AddRule(Chain chain, var rule) -> {
                if (rule.isForeign()) {
                    throw new IllegalArgumentException(
                            "not a rule that Fairlead writes: " + RuleText.write(rule, family));
                }
                out.append("add rule ")
                        .append(table)
                        .append(' ')
                        .append(chain.name())
                        .append(' ')
                        .append(RuleText.write(rule, family));
            }
            case Operation.AddSet(NamedSet set) -> writeSet(set, family, table, out);
            case Operation.ChangeTimeout(var _, NamedSet after) -> writeSet(after, family, table, out);
            case Operation.DeleteSet(NamedSet set) -> head("delete ", set, table, out);
            case Operation.FlushSet(NamedSet set) -> head("flush ", set, table, out);
            case Operation.AddElements(NamedSet set, var elements) -> {
                out.append("add element ")
                        .append(table)
                        .append(' ')
                        .append(set.name())
                        .append(" {\n");
                for (Element element : elements) {
                    ElementText.write(element, out);
                    out.append(",\n");
                }
                out.append('}');
            }
            case Operation.DeleteElements(NamedSet set, var elements) -> {
                out.append("delete element ")
                        .append(table)
                        .append(' ')
                        .append(set.name())
                        .append(" {\n");
                for (Element element : elements) {
                    ElementText.writeKey(element.key(), out);
                    out.append(",\n");
                }
                out.append('}');
            }
            case Operation.DeleteOther(var object) ->
                out.append("delete ")
                        .append(object.kind())
                        .append(' ')
                        .append(table)
                        .append(' ')
                        .append(object.name());
        }
        out.append('\n');
    }

    /** Returns the number of lines that {@link #write} appends. */
    public static int lines(Operation operation) {
        return switch (operation) {
            case Operation.AddElements(var _, var elements) -> elements.size() + 2;
            case Operation.DeleteElements(var _, var elements) -> elements.size() + 2;
            case Operation.AddTable _,
                    Operation.DeleteTable _,
                    Operation.AddChain _,
                    Operation.FlushChain _,
                    Operation.DeleteChain _,
                    Operation.AddRule _,
                    Operation.AddSet _,
                    Operation.ChangeTimeout _,
                    Operation.DeleteSet _,
                    Operation.FlushSet _,
                    Operation.DeleteOther _ -> 1;
        };
    }

    private static void writeHead(Chain chain, StringBuilder out) {
        List<String> lines = new ArrayList<>();
        if (chain.hook() != null) {
            lines.add(TableText.hook(chain.hook()));
        }
        if (!chain.comment().isEmpty()) {
            lines.add("comment \"" + chain.comment() + "\";");
        }
        if (!lines.isEmpty()) {
            out.append(" { ").append(String.join(" ", lines)).append(" }");
        }
    }

    private static void writeSet(NamedSet set, IpFamily family, String table, StringBuilder out) {
        if (set.type() instanceof SetType.Foreign) {
            throw new IllegalArgumentException("not a set that Fairlead writes: " + set.name());
        }
        head("add ", set, table, out);
        out.append(" {");
        for (String line : SetTypeText.write(set.type(), family)) {
            out.append(' ').append(line).append(';');
        }
        if (!set.comment().isEmpty()) {
            out.append(" comment \"").append(set.comment()).append("\";");
        }
        out.append(" }");
    }

    private static void head(String verb, NamedSet set, String table, StringBuilder out) {
        out.append(verb)
                .append(set.type().isMap() ? "map " : "set ")
                .append(table)
                .append(' ')
                .append(set.name());
    }
}

package io.fairlead.explain.read.nft;

import io.fairlead.explain.model.BaseHook;
import io.fairlead.explain.model.Hook;
import io.fairlead.explain.model.NamedElements;
import io.fairlead.explain.model.NodeRule;
import io.fairlead.explain.model.RuleChain;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.explain.model.TableFamily;
import io.fairlead.explain.read.Origin;
import io.fairlead.explain.read.ReadException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one output of {@code nft list ruleset}, with or without handles. */
public final class ListedTables {
    /** The names of priorities in tables of the families ip, ip6 and inet (nft 1.0.6). */
    private static final Map<String, Integer> PRIORITIES =
            Map.of("raw", -300, "mangle", -150, "dstnat", -100, "filter", 0, "security", 50, "srcnat", 100, "out", 100);
    /** The names of priorities in tables of family bridge (nft 1.0.6). */
    private static final Map<String, Integer> PRIORITIES_OF_BRIDGE =
            Map.of("dstnat", -300, "filter", -200, "out", 100, "srcnat", 300);

    private final List<Token> tokens;
    private final Origin origin;
    private int next;
    private @Nullable TableFamily family;

    /**
     * Returns the number of a named priority in tables of the families ip, ip6 and inet, such as -100 for "dstnat";
     * null if there is no such name.
     */
    public static @Nullable Integer priority(String name) {
        return PRIORITIES.get(name);
    }

    private ListedTables(List<Token> tokens, Origin origin) {
        this.tokens = tokens;
        this.origin = origin;
    }

    /**
     * Reads the tables in an output of nft.
     *
     * @throws ReadException if the text is not the output of nft, or is incomplete
     */
    public static List<RuleTable> read(String text, Origin origin) {
        return new ListedTables(Scanner.scan(text), origin).tables();
    }

    /** Reads one rule in the form of nft's listing. */
    public static NodeRule rule(String text, String where) {
        List<Token> tokens = Scanner.scan(text).stream()
                .filter(token -> token.kind() != Token.Kind.END && token.kind() != Token.Kind.NOTE)
                .toList();
        RuleReader reader = new RuleReader(tokens);
        return new NodeRule(reader.read(), text, reader.comment(), where);
    }

    private List<RuleTable> tables() {
        List<RuleTable> tables = new ArrayList<>();
        skipEnds();
        while (next < tokens.size()) {
            Token token = take();
            if (!token.is("table")) {
                throw wrong(token, "expected a table, found \"" + token.text() + "\"");
            }
            tables.add(table());
            skipEnds();
        }
        return tables;
    }

    private RuleTable table() {
        Token first = take();
        family = family(first.text());
        String name = family == null ? first.text() : take().text();
        boolean dormant = false;
        expect("{");
        Map<String, RuleChain> chains = new LinkedHashMap<>();
        Map<String, NamedElements> sets = new LinkedHashMap<>();
        for (Token token = inBlock(); token != null; token = inBlock()) {
            switch (token.text()) {
                case "chain" -> {
                    String chain = take().text();
                    chains.put(chain, chain(chain));
                }
                case "set", "map" -> {
                    String set = take().text();
                    sets.put(set, set());
                }
                case "flags" -> {
                    while (peek(0).kind() != Token.Kind.END) {
                        dormant |= take().is("dormant");
                    }
                }
                default -> skipObject();
            }
        }
        if (dormant) {
            // The kernel calls no chain of such a table.
            chains.replaceAll((chain, read) -> new RuleChain(chain, null, read::rules));
        }
        return new RuleTable(RuleTable.Tool.NFT, family == null ? TableFamily.IP : family, name, chains, sets);
    }

    private static @Nullable TableFamily family(String word) {
        for (TableFamily family : TableFamily.values()) {
            if (family.text().equals(word)) {
                return family;
            }
        }
        return null;
    }

    private RuleChain chain(String name) {
        expect("{");
        BaseHook hook = null;
        List<NodeRule> rules = new ArrayList<>();
        for (Token token = inBlock(); token != null; token = inBlock()) {
            if (token.is("type") && peek(1).is("hook")) {
                hook = hook();
            } else if (token.is("policy") && hook != null) {
                hook = new BaseHook(hook.hook(), hook.type(), hook.priority(), !take().is("drop"), hook.devices());
            } else if (token.is("comment") && rules.isEmpty() && peek(1).kind() == Token.Kind.END) {
                take();
            } else if (!token.is("flags")) {
                rules.add(rule(rules.size() + 1));
            } else {
                skipObject();
            }
        }
        return new RuleChain(name, hook, rules);
    }

    private BaseHook hook() {
        BaseHook.Type type = type(take());
        take();
        Token hook = take();
        List<String> devices = new ArrayList<>();
        Integer priority = null;
        while (peek(0).kind() != Token.Kind.END) {
            Token token = take();
            if (token.is("priority")) {
                priority = priority(take());
            } else if (token.is("devices")) {
                for (Token device = take(); !device.isSymbol("}") && device.kind() != Token.Kind.END; device = take()) {
                    if (device.kind() == Token.Kind.WORD || device.kind() == Token.Kind.QUOTED) {
                        devices.add(device.text());
                    }
                }
            } else if (token.kind() == Token.Kind.QUOTED) {
                devices.add(token.text());
            }
        }
        try {
            return new BaseHook(
                    Hook.valueOf(hook.text().toUpperCase(Locale.ROOT)),
                    type,
                    priority == null ? 0 : priority,
                    true,
                    devices);
        } catch (IllegalArgumentException _) {
            throw wrong(hook, "no such hook: \"" + hook.text() + "\"");
        }
    }

    private static BaseHook.Type type(Token token) {
        return switch (token.text()) {
            case "filter" -> BaseHook.Type.FILTER;
            case "nat" -> BaseHook.Type.NAT;
            case "route" -> BaseHook.Type.ROUTE;
            default -> throw wrong(token, "no such type of chain: \"" + token.text() + "\"");
        };
    }

    /** Reads a priority such as "-100", "filter", "filter + 10" or "mangle - 1". */
    private int priority(Token first) {
        Integer base = family == TableFamily.BRIDGE ? PRIORITIES_OF_BRIDGE.get(first.text()) : priority(first.text());
        try {
            int priority = base == null ? Integer.parseInt(first.text()) : base;
            if (peek(0).is("+") || peek(0).is("-")) {
                boolean less = take().is("-");
                int step = Integer.parseInt(take().text());
                priority += less ? -step : step;
            } else if (base != null
                    && (peek(0).text().startsWith("+") || peek(0).text().startsWith("-"))) {
                priority += Integer.parseInt(take().text());
            }
            return priority;
        } catch (NumberFormatException _) {
            throw wrong(first, "not a priority: \"" + first.text() + "\"");
        }
    }

    /**
     * Reads a rule whose first token is already consumed. The rule ends at the end of a line that is not inside braces.
     */
    private NodeRule rule(int number) {
        int start = next - 1;
        next = start;
        int depth = 0;
        List<Token> parts = new ArrayList<>();
        String handle = "";
        Token first = peek(0);
        while (true) {
            Token token = peek(0);
            if (next >= tokens.size()) {
                throw wrong(first, "the text ends in the middle of a rule");
            }
            if (depth == 0 && (token.kind() == Token.Kind.END || token.isSymbol("}"))) {
                break;
            }
            take();
            switch (token.kind()) {
                case NOTE -> handle = token.text();
                case END -> {}
                case WORD, QUOTED, SYMBOL -> {
                    depth += token.isSymbol("{") ? 1 : token.isSymbol("}") ? -1 : 0;
                    parts.add(token);
                }
            }
        }
        RuleReader reader = new RuleReader(parts);
        String where = origin.where(first.line(), handle.startsWith("handle ") ? handle : "rule " + number);
        String text = new Tokens(parts).text(0, parts.size());
        return new NodeRule(reader.read(), text, reader.comment(), where);
    }

    private NamedElements set() {
        expect("{");
        List<ValueType> types = List.of();
        NamedElements elements = new NamedElements(List.of(), true);
        for (Token token = inBlock(); token != null; token = inBlock()) {
            if (token.is("type") || token.is("typeof")) {
                types = types(token.is("typeof"));
            } else if (token.is("elements")) {
                take();
                elements = elements(types);
            } else {
                skipObject();
            }
        }
        return elements;
    }

    /** Reads the types of a key. In a map they end at the colon. */
    private List<ValueType> types(boolean expressions) {
        List<Token> parts = new ArrayList<>();
        while (peek(0).kind() != Token.Kind.END && !peek(0).is(":")) {
            parts.add(take());
        }
        skipObject();
        if (expressions) {
            try {
                return ExpressionReader.types(new ExpressionReader(new Tokens(parts), new ArrayList<>()).read());
            } catch (NotUnderstoodException _) {
                return List.of();
            }
        }
        return parts.stream()
                .filter(token -> !token.is("."))
                .map(token -> ValueType.named(token.text()))
                .toList();
    }

    private NamedElements elements(List<ValueType> types) {
        List<Token> parts = new ArrayList<>();
        int depth = 0;
        do {
            Token token = take();
            depth += token.isSymbol("{") ? 1 : token.isSymbol("}") ? -1 : 0;
            if (token.kind() != Token.Kind.END && token.kind() != Token.Kind.NOTE) {
                parts.add(token);
            }
            if (next >= tokens.size() && depth > 0) {
                throw wrong(token, "a list of elements has no end");
            }
        } while (depth > 0);
        try {
            return new ElementsReader(new Tokens(parts)).listed(types);
        } catch (NotUnderstoodException _) {
            return new NamedElements(List.of(), false);
        }
    }

    /** Returns the next token of a block; null at the end of the block. */
    private @Nullable Token inBlock() {
        skipEnds();
        if (next >= tokens.size()) {
            throw wrong(tokens.getLast(), "a block has no end (no \"}\")");
        }
        Token token = take();
        return token.isSymbol("}") ? null : token;
    }

    /** Skips the rest of a line, and a block that begins in the line. */
    private void skipObject() {
        int depth = 0;
        while (next < tokens.size() && (depth > 0 || peek(0).kind() != Token.Kind.END) && !endsHere(depth)) {
            Token token = take();
            depth += token.isSymbol("{") ? 1 : token.isSymbol("}") ? -1 : 0;
        }
    }

    private boolean endsHere(int depth) {
        return depth == 0 && peek(0).isSymbol("}");
    }

    private void skipEnds() {
        while (next < tokens.size() && (peek(0).kind() == Token.Kind.END || peek(0).kind() == Token.Kind.NOTE)) {
            next++;
        }
    }

    private Token peek(int ahead) {
        return next + ahead < tokens.size() ? tokens.get(next + ahead) : tokens.getLast();
    }

    private Token take() {
        Token token = peek(0);
        next++;
        return token;
    }

    private void expect(String symbol) {
        Token token = take();
        if (!token.isSymbol(symbol)) {
            throw wrong(token, "expected \"" + symbol + "\", found \"" + token.text() + "\"");
        }
    }

    private static ReadException wrong(Token token, String what) {
        return new ReadException(token.line(), token.column(), what);
    }
}

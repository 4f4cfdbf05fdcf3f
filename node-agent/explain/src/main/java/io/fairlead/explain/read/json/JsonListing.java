package io.fairlead.explain.read.json;

import io.fairlead.explain.read.ReadException;
import io.fairlead.explain.read.WrongJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Converts an output of {@code nft -j list ruleset} (schema version 1) to the text of {@code nft -a list ruleset}. */
public final class JsonListing {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<String, List<String>> tables = new LinkedHashMap<>();
    private final Map<String, List<String>> chains = new LinkedHashMap<>();

    private JsonListing() {}

    /**
     * Returns the same tables as text.
     *
     * @throws ReadException if the argument is not JSON, or not an output of nft
     */
    public static String text(String json) {
        try {
            return text(JSON.readTree(json));
        } catch (JacksonException e) {
            throw WrongJson.of(e);
        }
    }

    /** Returns the tables of a parsed listing as text. */
    public static String text(JsonNode root) {
        JsonNode objects = root.path("nftables");
        if (!objects.isArray()) {
            throw new ReadException(1, 1, "no list \"nftables\"");
        }
        JsonListing listing = new JsonListing();
        for (JsonNode object : objects) {
            listing.add(object);
        }
        return listing.text();
    }

    /** Returns the statements of one rule as text. */
    public static String rule(JsonNode statements) {
        List<String> parts = new ArrayList<>();
        for (JsonNode statement : statements) {
            parts.add(JsonStatement.text(statement));
        }
        return String.join(" ", parts);
    }

    private void add(JsonNode object) {
        object.properties().forEach(entry -> {
            JsonNode body = entry.getValue();
            switch (entry.getKey()) {
                case "table" -> tables.put(key(body, "name"), new ArrayList<>());
                case "chain" -> chain(body);
                case "set", "map" -> set(entry.getKey(), body);
                case "rule" ->
                    chains.computeIfAbsent(
                                    key(body, "table") + " "
                                            + body.path("chain").asString(""),
                                    _ -> new ArrayList<>())
                            .add("\t\t" + rule(body.path("expr")) + comment(body) + " # handle "
                                    + body.path("handle").asString("0"));
                default -> {}
            }
        });
    }

    private static String key(JsonNode body, String name) {
        return body.path("family").asString("ip") + " " + body.path(name).asString("");
    }

    private static String comment(JsonNode body) {
        return body.has("comment") ? " comment \"" + body.path("comment").asString("") + "\"" : "";
    }

    private void chain(JsonNode body) {
        List<String> lines = chains.computeIfAbsent(
                key(body, "table") + " " + body.path("name").asString(""), _ -> new ArrayList<>());
        if (body.has("comment")) {
            lines.add("\t\tcomment \"" + body.path("comment").asString("") + "\"");
        }
        if (body.has("hook")) {
            StringBuilder devices = new StringBuilder();
            for (JsonNode device : list(body.path("dev"))) {
                devices.append(" \"").append(device.asString("")).append('"');
            }
            lines.add("\t\ttype " + body.path("type").asString("filter") + " hook "
                    + body.path("hook").asString("")
                    + (devices.isEmpty() ? "" : " device" + devices)
                    + " priority " + body.path("prio").asString("0") + "; policy "
                    + body.path("policy").asString("accept") + ";");
        }
    }

    private static Iterable<JsonNode> list(JsonNode node) {
        return node.isArray() ? node : node.isMissingNode() ? List.of() : List.of(node);
    }

    private void set(String kind, JsonNode body) {
        List<String> lines = tables.computeIfAbsent(key(body, "table"), _ -> new ArrayList<>());
        lines.add("\t" + kind + " " + body.path("name").asString("") + " {");
        lines.add("\t\ttype " + types(body.path("type")) + (body.has("map") ? " : " + types(body.path("map")) : ""));
        if (body.has("flags")) {
            lines.add("\t\tflags " + words(body.path("flags"), ","));
        }
        for (String number : List.of("size", "timeout")) {
            if (body.has(number)) {
                lines.add(
                        "\t\t" + number + " " + body.path(number).asString("") + (number.equals("timeout") ? "s" : ""));
            }
        }
        if (body.has("comment")) {
            lines.add("\t\tcomment \"" + body.path("comment").asString("") + "\"");
        }
        if (body.has("elem")) {
            lines.add("\t\telements = " + JsonExpression.elements(body.path("elem")));
        }
        lines.add("\t}");
    }

    private static String types(JsonNode type) {
        return words(type, " . ");
    }

    private static String words(JsonNode node, String separator) {
        List<String> words = new ArrayList<>();
        list(node).forEach(each -> words.add(each.asString("")));
        return String.join(separator, words);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        tables.forEach((table, lines) -> {
            text.append("table ").append(table).append(" {\n");
            lines.forEach(line -> text.append(line).append('\n'));
            chains.forEach((chain, rules) -> {
                if (chain.startsWith(table + " ")) {
                    text.append("\tchain ")
                            .append(chain.substring(table.length() + 1))
                            .append(" {\n");
                    rules.forEach(rule -> text.append(rule).append('\n'));
                    text.append("\t}\n");
                }
            });
            text.append("}\n");
        });
        return text.toString();
    }
}

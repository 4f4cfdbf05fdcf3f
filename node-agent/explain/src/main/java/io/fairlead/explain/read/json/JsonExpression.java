package io.fairlead.explain.read.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Converts expressions of nft's JSON to nft's text. Unknown expressions are written in a form that the text readers do
 * not accept, so that they are reported as unknown.
 */
final class JsonExpression {
    private static final Set<String> OPERATIONS = Set.of("&", "|", "^", "<<", ">>");

    private JsonExpression() {}

    static String text(JsonNode node) {
        if (node.isString()) {
            return word(node.asString(""));
        }
        if (node.isNumber() || node.isBoolean()) {
            return node.isBoolean() ? node.asBoolean() ? "exists" : "missing" : node.asString("");
        }
        if (node.isArray()) {
            return joined(node, ", ");
        }
        if (node.size() != 1) {
            return unknown(node);
        }
        String kind = node.propertyNames().iterator().next();
        JsonNode body = node.path(kind);
        if (OPERATIONS.contains(kind)) {
            return operation(kind, body);
        }
        return switch (kind) {
            case "payload" -> payload(body);
            case "meta" -> "meta " + body.path("key").asString("");
            case "ct" -> connection(body);
            case "fib" ->
                "fib " + joined(listed(body.path("flags")), " . ") + " "
                        + body.path("result").asString("");
            case "numgen" ->
                "numgen " + body.path("mode").asString("") + " mod "
                        + body.path("mod").asString("") + offset(body);
            case "jhash" ->
                "jhash " + text(body.path("expr")) + " mod " + body.path("mod").asString("") + offset(body);
            case "symhash" -> "symhash mod " + body.path("mod").asString("") + offset(body);
            case "concat" -> joined(body, " . ");
            case "prefix" -> text(body.path("addr")) + "/" + body.path("len").asString("");
            case "range" -> text(body.path(0)) + "-" + text(body.path(1));
            case "set" -> body.isString() ? body.asString("") : elements(body);
            case "map" -> text(body.path("key")) + " map " + text(body.path("data"));
            case "elem" -> element(body);
            case "socket" -> "socket " + body.path("key").asString("");
            case "rt" -> "rt " + body.path("key").asString("");
            case "accept", "drop", "return", "continue" -> kind;
            case "jump", "goto" -> kind + " " + body.path("target").asString("");
            default -> unknown(node);
        };
    }

    private static String word(String text) {
        boolean plain = !text.isEmpty()
                && text.chars().allMatch(c -> Character.isLetterOrDigit(c) || ":./_-@*".indexOf(c) >= 0);
        return plain ? text : '"' + text.replace("\"", "") + '"';
    }

    static String unknown(JsonNode node) {
        return "not-read \"" + node.toString().replace("\"", "'") + "\"";
    }

    private static String offset(JsonNode body) {
        return body.path("offset").asInt(0) == 0
                ? ""
                : " offset " + body.path("offset").asString("");
    }

    private static String operation(String kind, JsonNode operands) {
        List<String> parts = new ArrayList<>();
        operands.forEach(operand -> parts.add(text(operand)));
        return String.join(" " + kind + " ", parts);
    }

    private static String payload(JsonNode body) {
        return body.has("protocol")
                ? body.path("protocol").asString("") + " " + body.path("field").asString("")
                : "@" + body.path("base").asString("") + ","
                        + body.path("offset").asString("") + ","
                        + body.path("len").asString("");
    }

    private static String connection(JsonNode body) {
        String direction = body.has("dir") ? body.path("dir").asString("") + " " : "";
        return "ct " + direction + body.path("key").asString("");
    }

    static Iterable<JsonNode> listed(JsonNode node) {
        return node.isArray() ? node : node.isMissingNode() || node.isNull() ? List.of() : List.of(node);
    }

    static String joined(Iterable<JsonNode> nodes, String separator) {
        List<String> parts = new ArrayList<>();
        nodes.forEach(node -> parts.add(text(node)));
        return String.join(separator, parts);
    }

    /** Writes elements in braces: keys of a set, or keys and data of a map. */
    static String elements(JsonNode elements) {
        List<String> parts = new ArrayList<>();
        for (JsonNode each : listed(elements)) {
            parts.add(
                    each.isArray() && each.size() == 2 ? text(each.path(0)) + " : " + text(each.path(1)) : text(each));
        }
        return "{ " + String.join(", ", parts) + " }";
    }

    private static String element(JsonNode body) {
        return text(body.path("val"))
                + (body.has("timeout") ? " timeout " + body.path("timeout").asString("") + "s" : "")
                + (body.has("expires") ? " expires " + body.path("expires").asString("") + "s" : "")
                + (body.has("comment") ? " comment \"" + body.path("comment").asString("") + "\"" : "");
    }
}

package io.fairlead.explain.read.json;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Converts statements of nft's JSON to nft's text. */
final class JsonStatement {
    private JsonStatement() {}

    static String text(JsonNode node) {
        if (node.isString()) {
            return node.asString("");
        }
        if (node.size() != 1) {
            return JsonExpression.unknown(node);
        }
        String kind = node.propertyNames().iterator().next();
        JsonNode body = node.path(kind);
        return switch (kind) {
            case "match" -> match(body);
            case "counter" -> "counter";
            case "mangle" -> JsonExpression.text(body.path("key")) + " set " + JsonExpression.text(body.path("value"));
            case "vmap" -> JsonExpression.text(body.path("key")) + " vmap " + JsonExpression.text(body.path("data"));
            case "accept", "drop", "return", "continue", "notrack" -> kind;
            case "jump", "goto" -> kind + " " + body.path("target").asString("");
            case "reject" -> reject(body);
            case "dnat", "snat", "masquerade", "redirect" -> translation(kind, body);
            case "log" ->
                "log" + (body.has("prefix") ? " prefix \"" + body.path("prefix").asString("") + "\"" : "");
            case "limit" -> limit(body);
            case "set" -> update(body);
            case "xt" ->
                "xt " + body.path("type").asString("match") + " \""
                        + body.path("name").asString("") + "\"";
            case "queue" -> "queue" + (body.toString().contains("bypass") ? " flags bypass" : "");
            case "tproxy" ->
                "tproxy to " + body.path("addr").asString("") + ":"
                        + body.path("port").asString("");
            case "quota" ->
                "quota " + body.path("val").asString("0") + " "
                        + body.path("val_unit").asString("bytes");
            case "ct count" ->
                "ct count" + (body.path("inv").asBoolean(false) ? " over" : "") + " "
                        + body.path("val").asString("0");
            case "comment" -> "comment \"" + body.asString("") + "\"";
            default -> JsonExpression.unknown(node);
        };
    }

    private static String match(JsonNode body) {
        String operator = body.path("op").asString("==");
        JsonNode right = body.path("right");
        String left = JsonExpression.text(body.path("left"));
        // In text, a comparison of flags by "in" has no operator.
        String shown = operator.equals("in") || (operator.equals("==") && !left.contains(" & ")) ? "" : " " + operator;
        boolean exact = operator.equals("==")
                && (left.equals("ct state") || left.equals("ct status") || left.equals("tcp flags"));
        return left + (exact ? " ==" : shown) + " " + JsonExpression.text(right);
    }

    private static String reject(JsonNode body) {
        if (!body.has("type")) {
            return "reject";
        }
        String type = body.path("type").asString("");
        return type.equals("tcp reset")
                ? "reject with tcp reset"
                : "reject with " + type + " type " + body.path("expr").asString("");
    }

    private static String translation(String kind, JsonNode body) {
        String address = body.has("addr") ? JsonExpression.text(body.path("addr")) : "";
        String port = body.has("port") ? JsonExpression.text(body.path("port")) : "";
        boolean family = body.has("family") && kind.endsWith("nat");
        String bracketed =
                address.indexOf(':') >= 0 && !address.contains(" ") && !port.isEmpty() ? "[" + address + "]" : address;
        String target = bracketed + (port.isEmpty() ? "" : address.contains(" ") ? " : " + port : ":" + port);
        StringBuilder text = new StringBuilder(kind);
        if (family) {
            text.append(' ').append(body.path("family").asString(""));
        }
        if (!target.isEmpty()) {
            text.append(" to ").append(target);
        }
        for (JsonNode flag : JsonExpression.listed(body.path("flags"))) {
            text.append(' ').append(flag.asString(""));
        }
        return text.toString();
    }

    private static String limit(JsonNode body) {
        return body.isString() || !body.has("rate")
                ? "limit name \"" + body.asString("") + "\""
                : "limit rate " + (body.path("inv").asBoolean(false) ? "over " : "")
                        + body.path("rate").asString("") + "/"
                        + body.path("per").asString("second");
    }

    private static String update(JsonNode body) {
        String statements = JsonExpression.listed(body.path("stmt")).iterator().hasNext()
                ? " " + String.join(" ", texts(body.path("stmt")))
                : "";
        return body.path("op").asString("add") + " " + body.path("set").asString("") + " { "
                + JsonExpression.text(body.path("elem")) + statements + " }";
    }

    private static List<String> texts(JsonNode statements) {
        ArrayList<String> texts = new ArrayList<>();
        JsonExpression.listed(statements).forEach(statement -> texts.add(text(statement)));
        return texts;
    }
}

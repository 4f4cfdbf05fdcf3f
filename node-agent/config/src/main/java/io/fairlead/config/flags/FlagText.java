package io.fairlead.config.flags;

import io.fairlead.config.GoDuration;
import io.fairlead.config.GoNumber;
import io.fairlead.config.GoQuantity;
import io.fairlead.config.HostPort;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Parses the text of a flag's value as kube-proxy's libraries do, and converts it to the JSON value that the field has
 * in a configuration file.
 */
final class FlagText {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Pattern LEVEL = Pattern.compile("\\d{1,10}");
    private static final Pattern PATTERN = Pattern.compile("([^=]+)=(\\d{1,10})");

    /** The pattern of one entry of a comma-separated list, with the comma or the end of the text. */
    private static final Pattern ENTRY = Pattern.compile("(?:\"((?:[^\"]|\"\")*)\"|([^\",]*))(,|$)");

    private FlagText() {}

    /** Parses the value of a flag. Returns empty if the text is invalid. */
    static Optional<JsonNode> read(FlagType type, String text) {
        return switch (type) {
            case BOOL -> bool(text).map(JSON::booleanNode);
            case STRING -> Optional.of(JSON.stringNode(text));
            case STRINGS -> strings(text);
            case INT32 -> GoNumber.int32(text).map(JSON::numberNode);
            case LEVEL -> level(text).map(JSON::numberNode);
            case FLOAT32 -> GoNumber.float32(text).map(JSON::numberNode);
            case DURATION -> GoDuration.parse(text).map(time -> JSON.stringNode(GoDuration.text(time)));
            case IP ->
                Optional.<JsonNode>of(JSON.stringNode(text))
                        .filter(_ -> text.isEmpty() || HostPort.ip(text).isPresent());
            case IP_PORT ->
                Optional.<JsonNode>of(JSON.stringNode(text))
                        .filter(_ -> text.isEmpty()
                                || HostPort.ip(text).isPresent()
                                || HostPort.parse(text).isPresent());
            case BOOLEANS -> booleans(text);
            case PATTERNS -> patterns(text);
            case QUANTITY -> GoQuantity.parse(text).map(quantity -> JSON.stringNode(quantity.text()));
        };
    }

    /** Returns a description of the allowed texts that can follow "must be" in a message. */
    static String allowed(FlagType type) {
        return switch (type) {
            case BOOL -> "true or false";
            case STRING -> "text";
            case STRINGS -> "a comma-separated list; entries with commas need quotes";
            case INT32 -> "a whole number of 32 bits";
            case LEVEL -> "a whole number from 0 to " + Integer.MAX_VALUE;
            case FLOAT32 -> "a number with or without a fraction, as a 32-bit float";
            case DURATION -> "a duration like 30s, 1m30s or 1h";
            case IP -> "an IP address";
            case IP_PORT -> "an IP address with or without a port";
            case BOOLEANS -> "a list like A=true,B=false";
            case PATTERNS -> "a list like Planner=4,Sync*=6";
            case QUANTITY -> "a quantity like 512, 64Ki or 1M";
        };
    }

    /**
     * Returns the value of a flag that was given twice: the entries of both values for a list, otherwise the second
     * value.
     */
    static JsonNode join(FlagType type, JsonNode first, JsonNode second) {
        if (!type.adds()) {
            return second;
        }
        if (first instanceof ObjectNode gates) {
            return gates.deepCopy().setAll((ObjectNode) second);
        }
        return ((ArrayNode) first).deepCopy().addAll((ArrayNode) second);
    }

    private static Optional<Boolean> bool(String text) {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
            case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static Optional<Integer> level(String text) {
        return LEVEL.matcher(text).matches() && Long.parseLong(text) <= Integer.MAX_VALUE
                ? Optional.of(Integer.parseInt(text))
                : Optional.empty();
    }

    /** Parses a comma-separated list with the rules of CSV. Returns empty if the text is invalid. */
    private static Optional<JsonNode> strings(String text) {
        ArrayNode entries = JSON.arrayNode();
        if (text.isEmpty()) {
            return Optional.of(entries);
        }
        Matcher entry = ENTRY.matcher(text);
        int at = 0;
        boolean more = true;
        while (more) {
            if (!entry.find(at) || entry.start() != at) {
                return Optional.empty();
            }
            entries.add(entry.group(1) == null ? entry.group(2) : entry.group(1).replace("\"\"", "\""));
            more = !entry.group(3).isEmpty();
            at = entry.end();
        }
        return Optional.of(entries);
    }

    private static Optional<JsonNode> booleans(String text) {
        ObjectNode gates = JSON.objectNode();
        for (String entry : nonEmpty(text)) {
            String[] parts = entry.split("=", 2);
            Optional<Boolean> on = parts.length == 2 ? bool(parts[1].strip()) : Optional.empty();
            if (on.isEmpty()) {
                return Optional.empty();
            }
            gates.put(parts[0].strip(), on.get());
        }
        return Optional.of(gates);
    }

    private static Optional<JsonNode> patterns(String text) {
        ArrayNode patterns = JSON.arrayNode();
        for (String entry : nonEmpty(text)) {
            Matcher matcher = PATTERN.matcher(entry);
            Optional<Integer> level = matcher.matches() ? level(matcher.group(2)) : Optional.empty();
            if (level.isEmpty()) {
                return Optional.empty();
            }
            patterns.addObject().put("filePattern", matcher.group(1)).put("verbosity", level.get());
        }
        return Optional.of(patterns);
    }

    private static List<String> nonEmpty(String text) {
        return List.of(text.split(",", -1)).stream()
                .filter(entry -> !entry.isEmpty())
                .toList();
    }
}

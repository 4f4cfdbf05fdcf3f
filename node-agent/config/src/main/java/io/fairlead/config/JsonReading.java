package io.fairlead.config;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Parses JSON as Go's decoder does. If a field appears again, its new value is merged into the old value: objects are
 * merged field by field, null changes nothing, and any other value replaces the old value.
 */
final class JsonReading {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final JsonFactory PARSERS = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(500).build())
            .build();

    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<String, Integer> duplicates = new HashMap<>();

    /**
     * Parses a text.
     *
     * @throws ConfigSyntaxException if the text is not JSON
     */
    Document read(String text) {
        try (JsonParser parser = PARSERS.createParser(tools.jackson.core.ObjectReadContext.empty(), text)) {
            parser.nextToken();
            JsonNode root = value(parser, "");
            if (parser.nextToken() != null) {
                throw new ConfigSyntaxException(line(parser), "text after the object");
            }
            return new Document(root, lines, duplicates);
        } catch (JacksonException e) {
            throw new ConfigSyntaxException(
                    e.getLocation() == null ? 0 : e.getLocation().getLineNr(), "not JSON: " + e.getOriginalMessage());
        }
    }

    private JsonNode value(JsonParser parser, String path) {
        lines.put(path, line(parser));
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = JSON.objectNode();
                fill(object, parser, path);
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = JSON.arrayNode();
                for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                    array.add(value(parser, path + "[" + i + "]"));
                }
                yield array;
            }
            case VALUE_STRING -> JSON.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> JSON.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> JSON.numberNode(parser.getDecimalValue());
            case VALUE_TRUE, VALUE_FALSE -> JSON.booleanNode(parser.getBooleanValue());
            case VALUE_NULL -> JSON.nullNode();
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new ConfigSyntaxException(line(parser), "not JSON: unexpected " + parser.currentToken());
        };
    }

    private void fill(ObjectNode object, JsonParser parser, String path) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            String below = Document.path(path, name);
            int line = line(parser);
            JsonNode before = object.get(name);
            parser.nextToken();
            if (before != null) {
                duplicates.put(below, line);
            }
            if (before instanceof ObjectNode again && parser.currentToken() == JsonToken.START_OBJECT) {
                fill(again, parser, below);
            } else if (before == null || parser.currentToken() != JsonToken.VALUE_NULL) {
                object.set(name, value(parser, below));
            }
            lines.put(below, line);
        }
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }
}

package io.fairlead.config;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts a YAML document to JSON as kube-proxy does. Keys that are not texts become texts. If a key appears several
 * times, its last value is used. A merge ("<<") is applied at its position among the keys. Aliases are replaced by
 * copies of their targets, up to a limit.
 */
final class YamlReading {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String MERGE_TAG = "tag:yaml.org,2002:merge";

    // Go's yaml library refuses a document that has more than 1,000 nodes after aliases are expanded, if more than 99 %
    // of these nodes come from aliases. This class also refuses a document with more than 400,000 nodes.
    private static final int FEW_NODES = 1_000;
    private static final double MOST_FROM_ALIASES = 0.99;
    private static final int MOST_NODES = 400_000;

    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<String, Integer> duplicates = new HashMap<>();
    private final Set<YamlText.Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private int nodes;
    private int fromAliases;
    private int aliasDepth;

    /** Converts a document. */
    Document read(YamlText.Node root) {
        return new Document(convert(root, ""), lines, duplicates);
    }

    private JsonNode convert(YamlText.Node node, String path) {
        lines.put(path, node.line());
        count(node);
        return switch (node) {
            case YamlText.Node.Scalar scalar -> value(scalar);
            case YamlText.Node.Sequence sequence -> {
                ArrayNode array = JSON.arrayNode();
                List<YamlText.Node> items = sequence.items();
                for (int i = 0; i < items.size(); i++) {
                    array.add(convert(items.get(i), path + "[" + i + "]"));
                }
                yield array;
            }
            case YamlText.Node.Mapping mapping -> {
                ObjectNode object = JSON.objectNode();
                fill(object, mapping, path, true);
                yield object;
            }
            case YamlText.Node.Alias alias -> {
                enter(alias);
                JsonNode target = convert(alias.target(), path);
                leave(alias);
                yield target;
            }
        };
    }

    private void fill(ObjectNode object, YamlText.Node.Mapping mapping, String path, boolean itself) {
        Set<String> own = new HashSet<>();
        for (YamlText.Entry entry : mapping.entries()) {
            if (isMerge(entry.key())) {
                merge(object, entry.value(), path);
                continue;
            }
            String name = name(entry.key());
            String below = Document.path(path, name);
            if (!own.add(name) && itself) {
                duplicates.put(below, entry.key().line());
            }
            object.set(name, convert(entry.value(), below));
            lines.put(below, entry.key().line());
        }
    }

    /**
     * Merges a mapping into an object as Go's yaml library does: merged keys replace earlier keys, and later keys
     * replace merged keys.
     */
    private void merge(ObjectNode object, YamlText.Node value, String path) {
        count(value);
        switch (value) {
            case YamlText.Node.Mapping mapping -> fill(object, mapping, path, false);
            case YamlText.Node.Alias alias
            when alias.target() instanceof YamlText.Node.Mapping mapping -> {
                enter(alias);
                fill(object, mapping, path, false);
                leave(alias);
            }
            case YamlText.Node.Sequence sequence -> {
                for (YamlText.Node one : sequence.items().reversed()) {
                    if (one instanceof YamlText.Node.Sequence) {
                        throw notAMapping(one);
                    }
                    merge(object, one, path);
                }
            }
            case YamlText.Node.Scalar _, YamlText.Node.Alias _ -> throw notAMapping(value);
        }
    }

    private static ConfigSyntaxException notAMapping(YamlText.Node node) {
        return new ConfigSyntaxException(node.line(), "<< needs a mapping or a list of mappings");
    }

    private static boolean isMerge(YamlText.Node key) {
        return key instanceof YamlText.Node.Scalar(String tag, String text, boolean plain, int _)
                && text.equals("<<")
                && ((plain && tag.isEmpty()) || tag.equals(MERGE_TAG));
    }

    private String name(YamlText.Node key) {
        JsonNode name = convert(key, "");
        if (name.isContainer() || name.isNull()) {
            throw new ConfigSyntaxException(key.line(), "a key must be text, a number or a bool");
        }
        return name.asString();
    }

    private static JsonNode value(YamlText.Node.Scalar scalar) {
        try {
            boolean text = scalar.tag().isEmpty() && !scalar.plain();
            return text ? JSON.stringNode(scalar.text()) : GoScalar.value(scalar.tag(), scalar.text());
        } catch (IllegalArgumentException e) {
            throw new ConfigSyntaxException(scalar.line(), String.valueOf(e.getMessage()));
        }
    }

    private void enter(YamlText.Node.Alias alias) {
        if (!open.add(alias)) {
            throw new ConfigSyntaxException(alias.line(), "anchor " + alias.name() + " contains itself");
        }
        aliasDepth++;
    }

    private void leave(YamlText.Node.Alias alias) {
        open.remove(alias);
        aliasDepth--;
    }

    private void count(YamlText.Node node) {
        nodes++;
        fromAliases += aliasDepth > 0 ? 1 : 0;
        if (nodes > FEW_NODES && (fromAliases > nodes * MOST_FROM_ALIASES || nodes > MOST_NODES)) {
            throw new ConfigSyntaxException(node.line(), "too much of the document comes from aliases");
        }
    }
}

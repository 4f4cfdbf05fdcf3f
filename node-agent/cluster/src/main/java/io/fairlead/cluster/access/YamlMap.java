package io.fairlead.cluster.access;

import io.fairlead.cluster.yaml.BoundedYaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A mapping in a YAML document that is read field by field. It records which fields were read, so that unknown fields
 * can be reported. client-go 0.37 ignores unknown fields of a kubeconfig without a report. The mapping is read from
 * YAML nodes instead of Java objects, because nodes contain their line numbers. A field with the value null counts as
 * absent. A field with a value of the wrong type is reported as an error and counts as absent. The words of YAML 1.1
 * for true and false are accepted, as in Go's YAML library.
 */
final class YamlMap {
    private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> TRUE =
            Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
    private static final Set<String> FALSE =
            Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");

    private final String file;
    /** The file and the line at which this mapping starts, as the start of a message. */
    private final String start;

    private final String path;
    private final Map<String, Node> fields;
    private final Set<String> read = new HashSet<>();
    private final Remarks remarks;

    private YamlMap(String file, String start, String path, Map<String, Node> fields, Remarks remarks) {
        this.file = file;
        this.start = start;
        this.path = path;
        this.fields = fields;
        this.remarks = remarks;
    }

    private static YamlMap of(String file, String path, MappingNode node, Remarks remarks) {
        YamlMap map = new YamlMap(file, at(file, node), path, new LinkedHashMap<>(), remarks);
        map.fields.putAll(map.fields(node));
        map.fields.values().removeIf(YamlMap::isNull);
        return map;
    }

    /**
     * Returns the first document of a YAML text; empty if the document is empty or not a mapping. The second case is
     * reported as an error.
     */
    static Optional<YamlMap> document(String file, String text, Remarks remarks) {
        var documents = BoundedYaml.all(LoadSettings.builder().setLabel(file).build(), text);
        if (!documents.hasNext()) {
            return Optional.empty();
        }
        Node first = documents.next();
        if (documents.hasNext()) {
            remarks.warning(file + " has several documents; reading only the first");
        }
        if (isNull(first)) {
            return Optional.empty();
        }
        if (!(first instanceof MappingNode mapping)) {
            remarks.error(file + " is not a mapping of fields");
            return Optional.empty();
        }
        return Optional.of(of(file, "", mapping, remarks));
    }

    private Map<String, Node> fields(MappingNode node) {
        Map<String, Node> own = new LinkedHashMap<>();
        Map<String, Node> merged = new HashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            if (key.equals("<<")) {
                merged(tuple.getValueNode()).forEach(merged::putIfAbsent);
            } else if (own.put(key, tuple.getValueNode()) != null) {
                remarks.warning(at(tuple.getKeyNode()) + path(key) + " is a duplicate; using the last value");
            }
        }
        merged.forEach(own::putIfAbsent);
        return own;
    }

    private Map<String, Node> merged(Node value) {
        if (value instanceof MappingNode mapping) {
            return fields(mapping);
        }
        Map<String, Node> all = new HashMap<>();
        if (value instanceof SequenceNode sequence) {
            sequence.getValue().forEach(item -> merged(item).forEach(all::putIfAbsent));
        }
        return all;
    }

    String file() {
        return file;
    }

    boolean has(String key) {
        return fields.containsKey(key);
    }

    /**
     * Returns the file, line and full name of a field, for messages. If the field is absent, the line is the first line
     * of the mapping.
     */
    String where(String key) {
        Node node = fields.get(key);
        return (node == null ? start : at(node)) + path(key);
    }

    private String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private String at(Node node) {
        return at(file, node);
    }

    private static String at(String file, Node node) {
        return file
                + node.getStartMark()
                        .map(Mark::getLine)
                        .map(line -> " line " + (line + 1) + ": ")
                        .orElse(": ");
    }

    /** Returns the value of a string field; "" if the field is absent. */
    String text(String key) {
        Node node = node(key);
        return node == null ? "" : text(node, where(key));
    }

    private String text(Node node, String where) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        remarks.error(where + " must be a string");
        return "";
    }

    /** Returns the value of a boolean field; false if the field is absent. */
    boolean flag(String key) {
        Node node = node(key);
        if (node == null) {
            return false;
        }
        if (node instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN) {
            if (TRUE.contains(scalar.getValue())) {
                return true;
            }
            if (FALSE.contains(scalar.getValue())) {
                return false;
            }
        }
        remarks.error(where(key) + " must be true or false");
        return false;
    }

    /** Returns the decoded bytes of a base64 field as ISO 8859-1 text; "" if the field is absent. */
    String decoded(String key) {
        String text = text(key).replaceAll("[\r\n]", "");
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            remarks.error(where(key) + " is not base64: " + e.getMessage());
            return "";
        }
    }

    /** Returns the value of a field that is a mapping; empty if the field is absent. */
    Optional<YamlMap> map(String key) {
        Node node = node(key);
        return node == null ? Optional.empty() : map(node, path(key), where(key));
    }

    private Optional<YamlMap> map(Node node, String name, String where) {
        if (node instanceof MappingNode mapping) {
            return Optional.of(of(file, name, mapping, remarks));
        }
        remarks.error(where + " must be a mapping of fields");
        return Optional.empty();
    }

    /** Returns the value of a field that is a list of mappings; an empty list if the field is absent. */
    List<YamlMap> maps(String key) {
        List<YamlMap> maps = new ArrayList<>();
        List<Node> items = items(key);
        for (int i = 0; i < items.size(); i++) {
            String name = path(key) + "[" + i + "]";
            map(items.get(i), name, at(items.get(i)) + name).ifPresent(maps::add);
        }
        return maps;
    }

    /** Returns the same mapping with another name for messages. */
    YamlMap named(String name) {
        return new YamlMap(file, start, name, fields, remarks);
    }

    /** Returns the value of a field that is a list of strings; an empty list if the field is absent. */
    List<String> texts(String key) {
        return items(key).stream().map(node -> text(node, where(key))).toList();
    }

    private List<Node> items(String key) {
        Node node = node(key);
        if (node == null) {
            return List.of();
        }
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        remarks.error(where(key) + " must be a list");
        return List.of();
    }

    Set<String> keys() {
        return fields.keySet();
    }

    /** Marks fields as read that Fairlead knows but does not use. */
    void pass(String... keys) {
        read.addAll(List.of(keys));
    }

    /** Reports a warning for each field that was not read. */
    void warnOfOthers() {
        fields.keySet().stream()
                .filter(key -> !read.contains(key))
                .forEach(key -> remarks.warning(where(key) + " is unknown; ignoring it"));
    }

    /** Returns the value of a field as Java objects, for a login program; null if the field is absent. */
    @Nullable
    Object tree(String key) {
        Node node = node(key);
        return node == null ? null : tree(node);
    }

    private static @Nullable Object tree(Node node) {
        return new StandardConstructor(LoadSettings.builder().build()).constructSingleDocument(Optional.of(node));
    }

    private @Nullable Node node(String key) {
        read.add(key);
        return fields.get(key);
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && NULL.contains(scalar.getValue());
    }
}

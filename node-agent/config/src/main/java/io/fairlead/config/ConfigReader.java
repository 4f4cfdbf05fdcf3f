package io.fairlead.config;

import io.fairlead.core.plan.ProxyMode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a configuration as kube-proxy 1.37 does. It parses the first document of the file, checks the types of its
 * fields, sets defaults, applies flags and validates the result. Unknown fields are ignored with a warning. If a field
 * is given several times, the last value is used, with a warning (CFG-8). All problems are reported together (CFG-9).
 */
public final class ConfigReader {
    private static final String VMODULE = "logging.vmodule";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /**
     * A valid configuration, with messages about it.
     *
     * @param warnings messages about values that were ignored or are probably mistakes. Each message names the field
     *     and, if there is a file, the line
     * @param ineffective messages about settings that have no effect in Fairlead; the agent logs them at its start
     * @param advice hints for operators; the agent logs them at its start
     */
    public record Result(KubeProxyConfig config, List<String> warnings, List<String> ineffective, List<String> advice) {
        /** Copies the lists. */
        public Result {
            warnings = List.copyOf(warnings);
            ineffective = List.copyOf(ineffective);
            advice = List.copyOf(advice);
        }
    }

    private ConfigReader() {}

    /**
     * Reads the content of a configuration file.
     *
     * @param source the name of the file, for messages
     * @param content the content of the file, in YAML or JSON
     * @throws ConfigException if the configuration cannot be used
     */
    public static Result read(String source, byte[] content) {
        return read(source, content, Map.of());
    }

    /**
     * Reads the content of a configuration file. The given mode replaces the mode in the file.
     *
     * @throws ConfigException if the configuration cannot be used
     */
    public static Result read(String source, byte[] content, ProxyMode chosen) {
        return read(source, content, Map.of("mode", JSON.stringNode(chosen.text())));
    }

    /**
     * Reads the content of a configuration file. Some fields are replaced by other values, for example from flags.
     *
     * @param over the values that replace values of the file, by the path of the field. As an exception, the value of
     *     {@code logging.vmodule} is a list that is inserted before the list of the file
     * @throws ConfigException if the configuration cannot be used
     */
    public static Result read(String source, byte[] content, Map<String, JsonNode> over) {
        Document document;
        try {
            document = Document.read(content);
        } catch (ConfigSyntaxException e) {
            throw new ConfigException(source, List.of(String.valueOf(e.getMessage())));
        }
        if (!(document.root() instanceof ObjectNode root)) {
            throw new ConfigException(source, List.of("must be a mapping with apiVersion and kind"));
        }
        requireKind(source, root);
        Findings findings = new Findings(document.lines());
        document.duplicates()
                .keySet()
                .forEach(path -> findings.warning(path, "is set more than once; the last value counts"));
        ObjectNode tree = FieldMapping.tree(FieldMapping.read(root, findings));
        ObjectNode given = tree.deepCopy();
        Set<String> waits = new HashSet<>();
        for (String path : List.of("iptables.minSyncPeriod", "nftables.minSyncPeriod")) {
            if (!FieldMapping.at(tree, path).asString().equals("0s")) {
                waits.add(path);
            }
        }
        Defaults.apply(tree);
        // kube-proxy ignores these two fields in a file: it replaces them by the values of the flags for logging, or by
        // the defaults of these flags.
        FieldMapping.put(tree, "logging.options.json.splitStream", JSON.booleanNode(false));
        FieldMapping.put(tree, "logging.options.text.splitStream", JSON.booleanNode(false));
        over.forEach((path, value) -> FieldMapping.put(
                tree, path, path.equals(VMODULE) ? joined(value, FieldMapping.at(tree, path)) : value));
        return finish(source, tree, given, waits, Set.of(), findings);
    }

    /**
     * Creates a configuration without a file, from flags and defaults.
     *
     * @param fields the values of the flags, by the path of the field
     * @throws ConfigException if the configuration cannot be used
     */
    public static Result ofFlags(Map<String, JsonNode> fields) {
        Findings findings = new Findings(Map.of());
        ObjectNode given = FieldMapping.tree(FieldMapping.read(JSON.objectNode(), findings));
        ObjectNode tree = given.deepCopy();
        Defaults.apply(tree);
        fields.forEach((path, value) -> {
            FieldMapping.put(tree, path, value);
            FieldMapping.put(given, path, value);
        });
        return finish("(flags)", tree, given, fields.keySet(), fields.keySet(), findings);
    }

    static KubeProxyConfig readDefaults() {
        return ofFlags(Map.of()).config();
    }

    /**
     * Checks the fields kind and apiVersion. As in kube-proxy's decoder, upper and lower case are equal in the names of
     * these two fields, but not in the names of other fields.
     */
    private static void requireKind(String source, ObjectNode root) {
        SortedMap<String, String> found = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : new TreeSet<>(root.propertyNames())) {
            if (root.path(name).isString()) {
                found.put(name, root.path(name).asString());
            }
        }
        String version = found.getOrDefault("apiVersion", "");
        String kind = found.getOrDefault("kind", "");
        if (!version.equals(KubeProxyConfiguration.API_VERSION) || !kind.equals(KubeProxyConfiguration.KIND)) {
            throw new ConfigException(
                    source,
                    List.of("kind must be " + KubeProxyConfiguration.KIND + " of apiVersion "
                            + KubeProxyConfiguration.API_VERSION + ", but is \"" + kind + "\" of \"" + version + "\""));
        }
    }

    private static JsonNode joined(JsonNode first, JsonNode second) {
        ArrayNode all = JSON.arrayNode();
        first.forEach(all::add);
        second.forEach(all::add);
        return all;
    }

    private static Result finish(
            String source, ObjectNode tree, ObjectNode given, Set<String> waits, Set<String> flags, Findings findings) {
        if (tree.path("mode").asString().isEmpty()) {
            tree.put("mode", ProxyMode.IPTABLES.text());
        }
        if (tree.path("mode").asString().equals(ProxyMode.NFTABLES.text())
                && tree.path("nodePortAddresses").isEmpty()) {
            tree.set("nodePortAddresses", JSON.arrayNode().add("primary"));
        }
        if (tree.path("detectLocalMode").asString().isEmpty()) {
            tree.put("detectLocalMode", "ClusterCIDR");
        }
        KubeProxyConfiguration config = FieldMapping.read(tree, findings);
        FeatureGates gates = new FeatureGates(config.featureGates() == null ? new TreeMap<>() : config.featureGates());
        Validation.check(config, gates, flags, findings);
        if (!findings.problems().isEmpty()) {
            throw new ConfigException(source, findings.problems());
        }
        KubeProxyConfig read = Settings.of(config, gates, waits, findings);
        SortedMap<String, String> ineffective = Ineffective.of(given, config, gates);
        return new Result(
                read,
                findings.warnings(),
                ineffective.entrySet().stream()
                        .map(one -> findings.remark(one.getKey(), "has no effect: " + one.getValue()))
                        .toList(),
                advice(read));
    }

    /** Returns hints about settings that are valid but may not be intended (CFG-15, NP-3). */
    private static List<String> advice(KubeProxyConfig config) {
        boolean everywhere = config.mode() == ProxyMode.IPTABLES
                && config.nodePortAddresses().ranges().isEmpty()
                && !config.nodePortAddresses().primaryAddresses();
        return everywhere
                ? List.of("nodePortAddresses is not set, so node ports answer on every local address;"
                        + " \"primary\" limits them to the primary addresses of the node")
                : List.of();
    }
}

package io.fairlead.config;

import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Converts a JSON tree to {@link KubeProxyConfiguration} and back with Jackson. */
final class FieldMapping {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(GoTypes.module())
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .addHandler(new UnknownFields())
            .build();

    private static final String MODULES = "logging.vmodule";
    private static final List<String> SECTIONS = List.of(
            "clientConnection",
            "conntrack",
            "detectLocal",
            "featureGates",
            "iptables",
            "ipvs",
            "logging",
            "logging.options",
            "logging.options.json",
            "logging.options.text",
            "nftables",
            "winkernel");
    private static final List<String> LISTS = List.of("ipvs.excludeCIDRs", MODULES, "nodePortAddresses");

    private FieldMapping() {}

    /**
     * Converts a tree to a configuration. A value of a wrong type is reported as a problem and counts as not set. An
     * unknown field is reported as a warning.
     */
    static KubeProxyConfiguration read(ObjectNode tree, Findings findings) {
        ObjectNode shaped = tree.deepCopy();
        SECTIONS.forEach(path -> shapeSection(shaped, path, findings));
        LISTS.forEach(path -> shapeList(shaped, path, findings));
        return MAPPER.readerFor(KubeProxyConfiguration.class)
                .withAttribute(GoTypes.FINDINGS, findings)
                .readValue(shaped);
    }

    /** Converts a configuration to a tree. */
    static ObjectNode tree(KubeProxyConfiguration configuration) {
        return MAPPER.valueToTree(configuration);
    }

    /** Returns the value at a path, for example "iptables.syncPeriod"; a {@code MissingNode} if there is none. */
    static JsonNode at(ObjectNode tree, String path) {
        JsonNode node = tree;
        for (String name : path.split("\\.", -1)) {
            node = node.path(name);
        }
        return node;
    }

    /** Sets the value at a path. All sections in the path must exist. */
    static void put(ObjectNode tree, String path, JsonNode value) {
        int dot = path.lastIndexOf('.');
        ObjectNode section = dot < 0 ? tree : (ObjectNode) at(tree, path.substring(0, dot));
        section.set(path.substring(dot + 1), value);
    }

    private static void shapeSection(ObjectNode tree, String path, Findings findings) {
        JsonNode section = at(tree, path);
        if (!section.isObject()) {
            if (!section.isNull() && !section.isMissingNode()) {
                findings.mustBe(path, "a mapping", shown(section));
            }
            put(tree, path, tree.objectNode());
        }
        if (path.equals("featureGates")) {
            // A gate with the value null is off, because Go reads null as false.
            ObjectNode gates = (ObjectNode) at(tree, path);
            gates.propertyNames().stream()
                    .filter(name -> gates.path(name).isNull())
                    .toList()
                    .forEach(name -> gates.put(name, false));
        }
    }

    private static void shapeList(ObjectNode tree, String path, Findings findings) {
        JsonNode list = at(tree, path);
        if (!list.isArray() && !list.isNull() && !list.isMissingNode()) {
            findings.mustBe(path, "a list", shown(list));
            put(tree, path, tree.nullNode());
        }
        if (path.equals(MODULES) && list instanceof ArrayNode modules) {
            for (int i = 0; i < modules.size(); i++) {
                JsonNode module = modules.path(i);
                if (!module.isObject()) {
                    if (!module.isNull()) {
                        findings.mustBe(path + "[" + i + "]", "a mapping", shown(module));
                    }
                    modules.set(i, tree.objectNode());
                }
            }
        }
    }

    private static String shown(JsonNode node) {
        return node.isArray() ? "a list" : node.isObject() ? "a mapping" : node.toString();
    }

    /** Reports unknown fields as warnings and skips them (CFG-8). */
    private static final class UnknownFields extends DeserializationProblemHandler {
        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                ValueDeserializer<?> deserializer,
                Object owner,
                String name) {
            ((Findings) context.getAttribute(GoTypes.FINDINGS))
                    .warning(GoTypes.path(parser), "is no field of KubeProxyConfiguration; ignored");
            parser.skipChildren();
            return true;
        }
    }
}

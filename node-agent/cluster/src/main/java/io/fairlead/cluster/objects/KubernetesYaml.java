package io.fairlead.cluster.objects;

import io.fairlead.config.GoScalar;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.JsonSchema;
import tools.jackson.databind.JsonNode;

/**
 * Determines the types of plain YAML scalars as kubectl and the API server do: by the rules of YAML 1.1, in which 0120
 * is 80 and "on" is true. The parser itself would use the rules of YAML 1.2, in which 0120 is 120 and "on" is a text.
 */
final class KubernetesYaml extends JsonSchema {

    @Override
    public ScalarResolver getScalarResolver() {
        return (text, plain) -> plain ? tag(text) : Tag.STR;
    }

    private static Tag tag(String text) {
        JsonNode value = value(text);
        if (value == null || value.isString()) {
            return Tag.STR;
        }
        return value.isNull()
                ? Tag.NULL
                : value.isBoolean() ? Tag.BOOL : value.isIntegralNumber() ? Tag.INT : Tag.FLOAT;
    }

    private static @Nullable JsonNode value(String text) {
        try {
            return GoScalar.value("", text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    @Override
    public Map<Tag, ConstructNode> getSchemaTagConstructors() {
        Map<Tag, ConstructNode> constructors = new HashMap<>(super.getSchemaTagConstructors());
        for (Tag tag : new Tag[] {Tag.NULL, Tag.BOOL, Tag.INT, Tag.FLOAT}) {
            constructors.put(tag, KubernetesYaml::constructed);
        }
        return constructors;
    }

    private static @Nullable Object constructed(Node node) {
        String text = ((ScalarNode) node).getValue();
        JsonNode value = value(text);
        if (value == null || value.isString()) {
            return text;
        }
        if (value.isNull()) {
            return null;
        }
        return value.isBoolean() ? value.booleanValue() : value.isIntegralNumber() ? whole(value) : value.doubleValue();
    }

    private static Number whole(JsonNode value) {
        BigInteger number = value.bigIntegerValue();
        if (number.bitLength() < Integer.SIZE) {
            return number.intValue();
        }
        return number.bitLength() < Long.SIZE ? number.longValue() : number;
    }
}

package io.fairlead.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * The first document of a configuration file as a JSON tree, as kube-proxy's decoder reads it.
 *
 * @param root the root of the tree; not an ObjectNode if the document is not a mapping
 * @param lines the line of each field, from 1, by the path of the field: "iptables.masqueradeBit",
 *     "nodePortAddresses[1]"
 * @param duplicates the paths of fields that appear more than once, each with the line of its last appearance
 */
record Document(JsonNode root, Map<String, Integer> lines, Map<String, Integer> duplicates) {
    /** Copies the maps. */
    Document {
        lines = Map.copyOf(lines);
        duplicates = new TreeMap<>(duplicates);
    }

    /**
     * Parses a text as JSON if it begins with a brace, otherwise as YAML. kube-proxy does the same.
     *
     * @throws ConfigSyntaxException if the text cannot be parsed
     */
    static Document read(byte[] content) {
        String text = decoded(content);
        if (text.stripLeading().startsWith("{")) {
            return new JsonReading().read(text);
        }
        YamlText.Node first = YamlText.firstDocument(text);
        return first == null ? new Document(NullNode.getInstance(), Map.of(), Map.of()) : new YamlReading().read(first);
    }

    /** Decodes the content as UTF-16 if it begins with a UTF-16 byte order mark, otherwise as UTF-8. */
    private static String decoded(byte[] content) {
        boolean utf16 = content.length > 1
                && ((content[0] == (byte) 0xfe && content[1] == (byte) 0xff)
                        || (content[0] == (byte) 0xff && content[1] == (byte) 0xfe));
        Charset charset = utf16 ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new ConfigSyntaxException(0, "is not " + charset.name());
        }
    }

    /** Returns the path of the field with this name in the mapping that has the path {@code parent}. */
    static String path(String parent, String name) {
        return parent.isEmpty() ? name : parent + "." + name;
    }
}

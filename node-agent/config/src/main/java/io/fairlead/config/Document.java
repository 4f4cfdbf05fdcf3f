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
 * A file as kube-proxy's decoder sees it: the first document as a JSON tree.
 *
 * @param root no object if the document is no mapping
 * @param lines line of each field, from 1, by path: "iptables.masqueradeBit", "nodePortAddresses[1]"
 * @param duplicates fields that appear more than once, with the line of the last one
 */
record Document(JsonNode root, Map<String, Integer> lines, Map<String, Integer> duplicates) {
    /** Copies the maps. */
    Document {
        lines = Map.copyOf(lines);
        duplicates = new TreeMap<>(duplicates);
    }

    /**
     * Reads JSON if the text begins with a brace, otherwise YAML, as kube-proxy does.
     *
     * @throws ConfigSyntaxException if it is neither
     */
    static Document read(byte[] content) {
        String text = decoded(content);
        if (text.stripLeading().startsWith("{")) {
            return new JsonReading().read(text);
        }
        YamlText.Node first = YamlText.firstDocument(text);
        return first == null ? new Document(NullNode.getInstance(), Map.of(), Map.of()) : new YamlReading().read(first);
    }

    /** Decodes UTF-16 if the text begins with a byte order mark of it, otherwise UTF-8. */
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

    /** Returns the path of a field in the mapping at a path. */
    static String path(String parent, String name) {
        return parent.isEmpty() ? name : parent + "." + name;
    }
}

package io.fairlead.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes trees of maps, lists and scalars as JSON or YAML. Keys keep the order in which they were added. */
public final class Json {
    private static final JsonMapper LINE = JsonMapper.builder().build();

    private Json() {}

    /**
     * Returns a map with these keys and values.
     *
     * @param pairs keys and values in turn
     */
    public static Map<String, @Nullable Object> object(@Nullable Object... pairs) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(String.valueOf(pairs[i]), pairs[i + 1]);
        }
        return map;
    }

    /** Returns a tree as JSON on one line. */
    static String line(Object tree) {
        return LINE.writeValueAsString(tree);
    }

    /** Returns a tree as indented JSON on several lines. */
    public static String pretty(Object tree) {
        return LINE.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(tree);
    }

    static String yaml(Object tree) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setDereferenceAliases(true)
                .build();
        return new Dump(settings).dumpToString(tree);
    }

    /** Parses one JSON value. */
    static <T> T read(String text, Class<T> type) {
        return LINE.readValue(text, type);
    }
}

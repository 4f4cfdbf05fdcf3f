package io.fairlead.cluster.objects;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads fields of generic trees. A field that is missing or has another type counts as empty, because these fields are
 * only for the answers of commands.
 */
final class Trees {

    private Trees() {}

    static String text(@Nullable Object tree, String... path) {
        return value(tree, path) instanceof String text ? text : "";
    }

    static boolean flag(@Nullable Object tree, String... path) {
        return value(tree, path) instanceof Boolean flag && flag;
    }

    static Stream<?> list(@Nullable Object tree, String... path) {
        return value(tree, path) instanceof List<?> list ? list.stream() : Stream.of();
    }

    static Map<?, ?> map(@Nullable Object tree, String... path) {
        return value(tree, path) instanceof Map<?, ?> map ? map : Map.of();
    }

    static @Nullable Object value(@Nullable Object tree, String... path) {
        Object value = tree;
        for (String field : path) {
            value = value instanceof Map<?, ?> map ? map.get(field) : null;
        }
        return value;
    }
}

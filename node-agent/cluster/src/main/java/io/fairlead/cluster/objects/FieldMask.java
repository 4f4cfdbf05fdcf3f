package io.fairlead.cluster.objects;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of an object in a file are read. The rest is removed before the tree is converted to fabric8's types:
 * a mistake in a field that no rule depends on must not cost the Service, and half of the reading time is saved.
 *
 * <p>Each {@code *Reading} class has its mask beside the code that uses the fields; {@code FieldMaskTest} finds a
 * field that is used and not in the mask.
 *
 * @param fields which parts of each field; empty means the whole of it
 */
record FieldMask(Map<String, FieldMask> fields) {
    static final FieldMask WHOLE = new FieldMask(Map.of());

    private static final FieldMask METADATA = new FieldMask(Map.of(
            "name", WHOLE,
            "namespace", WHOLE,
            "deletionTimestamp", WHOLE,
            "labels", whole(Labels.SERVICE_NAME, Labels.SERVICE_PROXY_NAME, Labels.HEADLESS, Labels.ZONE)));

    static final FieldMask PORTS = whole("name", "protocol", "port", "nodePort");

    static FieldMask object(Map<String, FieldMask> fields) {
        return new FieldMask(fields).with("metadata", METADATA);
    }

    static FieldMask of(String field, FieldMask mask) {
        return new FieldMask(Map.of(field, mask));
    }

    static FieldMask whole(String... names) {
        Map<String, FieldMask> fields = new LinkedHashMap<>();
        for (String name : names) {
            fields.put(name, WHOLE);
        }
        return new FieldMask(fields);
    }

    FieldMask with(String field, FieldMask mask) {
        Map<String, FieldMask> more = new LinkedHashMap<>(fields);
        more.put(field, mask);
        return new FieldMask(more);
    }

    /** A copy without the fields that do not matter; what has an unexpected shape stays as it is. */
    @Nullable
    Object prune(@Nullable Object tree) {
        if (fields.isEmpty()) {
            return tree;
        }
        return switch (tree) {
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> kept = new LinkedHashMap<>();
                fields.forEach((name, mask) -> {
                    if (map.containsKey(name)) {
                        kept.put(name, mask.prune(map.get(name)));
                    }
                });
                yield kept;
            }
            case List<?> list -> list.stream().map(this::prune).toList();
            case null, default -> tree;
        };
    }
}

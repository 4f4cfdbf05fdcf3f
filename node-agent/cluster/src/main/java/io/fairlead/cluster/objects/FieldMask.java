package io.fairlead.cluster.objects;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields that are read of an object in a file. The other fields are removed before the tree is converted to
 * fabric8's types. Therefore a mistake in a field that no rule needs does not affect the Service, and reading takes
 * half the time.
 *
 * <p>Each {@code *Reading} class has its mask beside the code that uses the fields. {@code FieldMaskTest} finds a field
 * that is used but missing in the mask.
 *
 * @param fields the parts of each field; empty for the whole field
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

    /** Returns a copy without the other fields. A value with an unexpected shape stays as it is. */
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

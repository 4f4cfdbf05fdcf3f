package io.fairlead.cluster.objects;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an object that are read from a file. All other fields are removed before the tree is converted to
 * fabric8's types. Therefore a mistake in a field that no rule needs does not affect the Service, and reading takes
 * half the time.
 *
 * <p>Each {@code *Reading} class defines its mask beside the code that uses the fields. {@code FieldMaskTest} fails if
 * the code uses a field that is missing from the mask.
 *
 * @param fields the mask of each field that is kept, by the name of the field; an empty map keeps the whole value
 */
record FieldMask(Map<String, FieldMask> fields) {
    static final FieldMask WHOLE = new FieldMask(Map.of());

    private static final FieldMask METADATA = new FieldMask(Map.of(
            "name", WHOLE,
            "namespace", WHOLE,
            "deletionTimestamp", WHOLE,
            "labels", whole(Labels.SERVICE_NAME, Labels.SERVICE_PROXY_NAME, Labels.HEADLESS, Labels.ZONE)));

    static final FieldMask PORTS = whole("name", "protocol", "port", "nodePort");

    /** Returns a mask with the metadata of every object, besides fields of the metadata in {@code fields}. */
    static FieldMask object(Map<String, FieldMask> fields) {
        FieldMask metadata = METADATA;
        for (Map.Entry<String, FieldMask> more :
                fields.getOrDefault("metadata", METADATA).fields().entrySet()) {
            metadata = metadata.with(more.getKey(), more.getValue());
        }
        return new FieldMask(fields).with("metadata", metadata);
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

    /**
     * Returns a copy of the tree that has only the fields of this mask. A value that is neither a mapping nor a list is
     * returned unchanged.
     */
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

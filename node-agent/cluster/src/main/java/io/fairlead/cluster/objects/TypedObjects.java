package io.fairlead.cluster.objects;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/** Converts generic trees to fabric8's types. A value of the wrong type becomes a finding with its path. */
final class TypedObjects {
    private final KubernetesSerialization serialization = new KubernetesSerialization(
            JsonMapper.builderWithJackson2Defaults()
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .build(),
            false);

    <T> Optional<T> convert(@Nullable Object tree, Class<T> type, Findings findings) {
        try {
            return Optional.ofNullable(serialization.convertValue(tree, type));
        } catch (IllegalArgumentException e) {
            String path = "";
            String expected = "";
            if (e.getCause() instanceof DatabindException bad) {
                path = path(bad);
                expected = bad instanceof MismatchedInputException mismatch ? expected(mismatch.getTargetType()) : "";
            }
            findings.setAside(path, wrong(path.isEmpty() ? tree : valueAt(tree, e.getCause()), expected));
            return Optional.empty();
        }
    }

    private static String wrong(@Nullable Object value, String expected) {
        String is = switch (value) {
            case null -> "nothing";
            case String text -> Names.quoted(text);
            case Map<?, ?> _ -> "a mapping";
            case List<?> _ -> "a list";
            default -> value.toString();
        };
        return expected.isEmpty() ? "has the wrong type: " + is : "must be " + expected + ", but is " + is;
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "";
        }
        if (Number.class.isAssignableFrom(type) || type == int.class || type == long.class) {
            return "a whole number";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "text";
        }
        return List.class.isAssignableFrom(type) ? "a list" : "a mapping";
    }

    private static String path(DatabindException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.toString();
    }

    private static @Nullable Object valueAt(@Nullable Object tree, @Nullable Throwable cause) {
        Object value = tree;
        if (cause instanceof DatabindException bad) {
            for (JacksonException.Reference step : bad.getPath()) {
                if (step.getPropertyName() == null) {
                    value = value instanceof List<?> list && step.getIndex() < list.size()
                            ? list.get(step.getIndex())
                            : null;
                } else {
                    value = value instanceof Map<?, ?> map ? map.get(step.getPropertyName()) : null;
                }
            }
        }
        return value;
    }
}

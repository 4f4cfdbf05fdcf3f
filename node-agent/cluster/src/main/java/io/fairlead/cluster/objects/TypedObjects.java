package io.fairlead.cluster.objects;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** Converts generic trees to fabric8's types. A value of the wrong type is reported with the path of its field. */
final class TypedObjects {
    /** fabric8's own mapper (8.0.0) is not used: it accepts numbers in quotes. */
    private final JsonMapper mapper = JsonMapper.builderWithJackson2Defaults()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .withCoercionConfig(LogicalType.Textual, TypedObjects::refuseScalars)
            .build();

    private static void refuseScalars(MutableCoercionConfig config) {
        for (CoercionInputShape shape :
                List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            config.setCoercion(shape, CoercionAction.Fail);
        }
    }

    <T> Optional<T> convert(@Nullable Object tree, Class<T> type, Findings findings) {
        try {
            return Optional.ofNullable(mapper.convertValue(tree, type));
        } catch (DatabindException e) {
            String path = path(e);
            String expected = e instanceof MismatchedInputException mismatch ? expected(mismatch.getTargetType()) : "";
            findings.setAside(path, wrong(path.isEmpty() ? tree : valueAt(tree, e), expected));
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

    private static @Nullable Object valueAt(@Nullable Object tree, DatabindException cause) {
        Object value = tree;
        for (JacksonException.Reference step : cause.getPath()) {
            if (step.getPropertyName() == null) {
                value = value instanceof List<?> list && step.getIndex() < list.size()
                        ? list.get(step.getIndex())
                        : null;
            } else {
                value = value instanceof Map<?, ?> map ? map.get(step.getPropertyName()) : null;
            }
        }
        return value;
    }
}

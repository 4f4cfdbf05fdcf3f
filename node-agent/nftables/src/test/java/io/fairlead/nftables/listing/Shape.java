package io.fairlead.nftables.listing;

import io.fairlead.explain.model.BaseHook;
import io.fairlead.explain.model.NamedElements;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes a value that was read from a listing. The elements of a set have no order, so they are sorted. */
final class Shape {
    private Shape() {}

    static String of(@Nullable Object value) {
        return switch (value) {
            case null -> "nothing";
            case NamedElements elements ->
                elements.elements().stream().map(Shape::of).sorted().collect(Collectors.joining(", ", "{ ", " }"))
                        + (elements.complete() ? "" : " and others");
            case BaseHook hook ->
                hook.hook() + " " + hook.type() + " " + hook.priority() + " " + hook.accepts() + " "
                        + hook.devices().stream().sorted().toList();
            case List<?> list -> list.stream().map(Shape::of).collect(Collectors.joining(", ", "[", "]"));
            case Record record ->
                record.getClass().getSimpleName()
                        + Stream.of(record.getClass().getRecordComponents())
                                // The text of a statement lists its elements in the order of the listing.
                                .filter(component -> !component.getName().equals("text") || !hasElements(record))
                                .map(component -> of(read(record, component)))
                                .collect(Collectors.joining(" ", "(", ")"));
            default -> value.toString();
        };
    }

    private static boolean hasElements(Record record) {
        return record.toString().contains("NamedElements");
    }

    private static @Nullable Object read(Record record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}

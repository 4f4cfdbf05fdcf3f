package io.fairlead.cluster.objects;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Finds fields that a reader class uses but that are missing from its mask. Such a field would always be absent in
 * objects from files.
 */
final class FieldMaskTest {
    private static final String MODEL = "io.fabric8.kubernetes.api.model";
    /** The property of getClass(), which is not a field of Kubernetes objects. */
    private static final Set<String> OF_EVERY_OBJECT = Set.of("class");
    /** The field that is read only from objects of the API server. */
    private static final Set<String> NOT_IN_FILES = Set.of("annotations");

    record Reader(Class<?> type, FieldMask mask) {
        @Override
        public String toString() {
            return type.getSimpleName();
        }
    }

    static Set<Reader> readers() {
        return Set.of(
                new Reader(ServiceReading.class, ServiceReading.FIELDS),
                new Reader(SliceReading.class, SliceReading.FIELDS),
                new Reader(EndpointsReading.class, EndpointsReading.FIELDS),
                new Reader(NodeReading.class, NodeReading.FIELDS),
                new Reader(ServiceCidrReading.class, ServiceCidrReading.FIELDS));
    }

    /** Returns the names of the fields whose getters a class calls, at all levels of the object. */
    private static Set<String> used(Class<?> type) {
        return new ClassFileImporter()
                .importClasses(type).get(type).getMethodCallsFromSelf().stream()
                        .filter(call -> call.getTargetOwner().getPackageName().startsWith(MODEL))
                        .map(JavaMethodCall::getName)
                        .filter(name -> name.startsWith("get"))
                        .map(name -> field(name.substring("get".length())))
                        .filter(name -> !OF_EVERY_OBJECT.contains(name) && !NOT_IN_FILES.contains(name))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the name of the field that a getter reads. For example, the getter name "PodCIDRs" gives podCIDRs. */
    private static String field(String getter) {
        return getter.substring(0, 1).toLowerCase(Locale.ROOT) + getter.substring(1);
    }

    private static void addNames(FieldMask mask, Set<String> names, Set<String> whole) {
        mask.fields().forEach((name, below) -> {
            names.add(name);
            if (below.fields().isEmpty()) {
                whole.add(name);
            }
            addNames(below, names, whole);
        });
    }

    @ParameterizedTest
    @MethodSource("readers")
    void masksContainEveryUsedField(Reader reader) {
        Set<String> names = new TreeSet<>();
        addNames(reader.mask(), names, new TreeSet<>());
        Set<String> below = Map.of(
                        ServiceReading.class, Set.of("clientIP", "timeoutSeconds"),
                        SliceReading.class, Set.of("ready", "serving", "terminating", "forZones", "forNodes"))
                .getOrDefault(reader.type(), Set.of());

        assertThat(used(reader.type())).as("fields that are read").isNotEmpty();
        assertThat(names)
                .as("fields of the mask; those below a field that is kept whole are listed in the test")
                .containsAll(used(reader.type()).stream()
                        .filter(name -> !below.contains(name))
                        .toList());
    }

    @Test
    void removesFieldsThatAreNotRead() {
        Object pruned = FieldMask.of("spec", FieldMask.whole("ports"))
                .prune(Map.of("spec", Map.of("ports", 80, "selector", 5), "status", "broken"));

        assertThat(pruned).isEqualTo(Map.of("spec", Map.of("ports", 80)));
    }
}

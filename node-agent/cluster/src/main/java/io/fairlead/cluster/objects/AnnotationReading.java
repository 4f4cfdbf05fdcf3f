package io.fairlead.cluster.objects;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fairlead.core.cluster.Annotations;
import io.fairlead.core.cluster.IgnoredAnnotation;
import io.fairlead.core.cluster.WeightedBackend;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the annotations of a Service by which Fairlead does more than Kubernetes asks for. A value that cannot be read
 * has no effect, and the Service is served as without the annotation.
 */
final class AnnotationReading {
    /** The annotations that {@link #read} uses. */
    static final FieldMask FIELDS = FieldMask.of("annotations", FieldMask.whole(Annotations.BACKENDS));

    private static final int MOST_BACKENDS = 16;
    private static final String ALLOWED_BACKENDS = "only this is allowed: 1 to " + MOST_BACKENDS
            + " different Services of the namespace with weights from 0 to " + WeightedBackend.GREATEST
            + ", not all of them 0, as in \"web-v1=90,web-v2=10\"";

    private final Map<String, String> annotations;
    private final List<IgnoredAnnotation> ignored = new ArrayList<>();

    private AnnotationReading(Map<String, String> annotations) {
        this.annotations = annotations;
    }

    static Annotations read(ObjectMeta metadata) {
        Map<String, String> annotations = metadata.getAnnotations();
        return annotations == null ? Annotations.NONE : new AnnotationReading(annotations).read();
    }

    private Annotations read() {
        List<WeightedBackend> backends = backends();
        return backends.isEmpty() && ignored.isEmpty() ? Annotations.NONE : new Annotations(backends, ignored);
    }

    /** Reads the backends of a split (SPLIT-6). */
    private List<WeightedBackend> backends() {
        String text = annotations.get(Annotations.BACKENDS);
        if (text == null) {
            return List.of();
        }
        List<WeightedBackend> backends = new ArrayList<>();
        Set<String> names = new HashSet<>();
        long sum = 0;
        for (String entry : text.split(",", MOST_BACKENDS + 1)) {
            int equals = entry.indexOf('=');
            String name = equals < 0 ? "" : entry.substring(0, equals).strip();
            String weight = equals < 0 ? "" : entry.substring(equals + 1).strip();
            if (!Names.isLabel(name) || !names.add(name) || !weight.matches("[0-9]{1,7}")) {
                return ignore(text);
            }
            int number = Integer.parseInt(weight);
            if (number > WeightedBackend.GREATEST || backends.size() == MOST_BACKENDS) {
                return ignore(text);
            }
            sum += number;
            backends.add(new WeightedBackend(name, number));
        }
        return sum == 0 ? ignore(text) : backends;
    }

    private List<WeightedBackend> ignore(String text) {
        ignored.add(new IgnoredAnnotation(Annotations.BACKENDS, Names.quoted(text), ALLOWED_BACKENDS));
        return List.of();
    }
}

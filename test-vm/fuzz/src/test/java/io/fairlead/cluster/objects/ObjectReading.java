package io.fairlead.cluster.objects;

import java.util.List;

/** Opens the reader of files with objects to the fuzz tests. */
public final class ObjectReading {
    private static final TypedObjects TYPED = new TypedObjects();

    private ObjectReading() {}

    /** Reads a file with objects of a cluster. */
    public static void read(String text) {
        Merging.merge(List.of(new SourceReading(TYPED, new PodReading()).read("objects.yaml", text)), List.of());
    }
}

package io.fairlead.cluster.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.cluster.objects.ObjectReader;
import io.fairlead.cluster.objects.PodNames;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.cluster.objects.ReadObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The object store of a fabric8 informer. For each object it keeps only the fields that rules need. To the informer it
 * returns objects that have only a name and a resource version, because fabric8 8.0.0 reads nothing else. Therefore the
 * memory depends on the fields that rules need, not on the size of the objects. The store compares each object with its
 * old fields and delivers the changes. Therefore the results of the first list, of a watch and of a later list are
 * delivered in the same way.
 *
 * @param <T> the class of the objects
 */
final class ReducingStore<T extends HasMetadata> implements ItemStore<T> {

    private record Entry(String version, List<ClusterChange> contents, List<Problem> problems) {}

    private final Supplier<T> blank;
    private final ClusterSink sink;
    private final SharedNames names;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /**
     * Creates an empty store.
     *
     * @param blank creates an object without any field
     * @param names the names that all stores share
     */
    ReducingStore(Supplier<T> blank, ClusterSink sink, SharedNames names) {
        this.blank = blank;
        this.sink = sink;
        this.names = names;
    }

    @Override
    public String getKey(T object) {
        ObjectMeta metadata = object.getMetadata();
        return (metadata.getNamespace() == null ? "" : metadata.getNamespace()) + "/" + metadata.getName();
    }

    @Override
    public @Nullable T put(String key, T object) {
        names.shareIn(object);
        ReadObject read = ObjectReader.read(object);
        sink.pods(() -> PodNames.in(object));
        Entry before = entries.get(key);
        String version = object.getMetadata().getResourceVersion();
        List<ClusterChange> old = before == null ? List.of() : before.contents();
        List<ClusterChange> changed = changed(old, read.contents());
        entries.put(
                key,
                new Entry(version == null ? "" : version, changed.isEmpty() ? old : read.contents(), read.problems()));
        if (before == null || !before.problems().equals(read.problems())) {
            read.problems().forEach(sink::problem);
        }
        deliver(changed);
        return before == null ? null : bare(key, before);
    }

    @Override
    public @Nullable T remove(String key) {
        Entry before = entries.remove(key);
        if (before == null) {
            return null;
        }
        deliver(changed(before.contents(), List.of()));
        return bare(key, before);
    }

    private void deliver(List<ClusterChange> changes) {
        if (!changes.isEmpty()) {
            sink.changed(changes);
        }
    }

    /** Returns the changes that turn the old contents of one object into its new contents. */
    private static List<ClusterChange> changed(List<ClusterChange> old, List<ClusterChange> now) {
        Map<Object, ClusterChange> gone = new LinkedHashMap<>();
        old.forEach(content -> gone.put(content.key(), content));
        List<ClusterChange> changed = new ArrayList<>();
        for (ClusterChange content : now) {
            ClusterChange before = gone.remove(content.key());
            if (before == null || !Objects.equals(before.content(), content.content())) {
                changed.add(content);
            }
        }
        gone.values().forEach(content -> changed.add(content.gone()));
        return changed;
    }

    @Override
    public Stream<String> keySet() {
        return entries.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return entries.entrySet().stream().map(entry -> bare(entry.getKey(), entry.getValue()));
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public @Nullable T get(String key) {
        Entry entry = entries.get(key);
        return entry == null ? null : bare(key, entry);
    }

    /** Returns false: the objects in this store have only a name and a resource version. */
    @Override
    public boolean isFullState() {
        return false;
    }

    /** Returns the problems of all current objects. */
    Stream<Problem> problems() {
        return entries.values().stream().flatMap(entry -> entry.problems().stream());
    }

    private T bare(String key, Entry entry) {
        int slash = key.indexOf('/');
        ObjectMeta metadata = new ObjectMeta();
        metadata.setNamespace(slash == 0 ? null : key.substring(0, slash));
        metadata.setName(key.substring(slash + 1));
        metadata.setResourceVersion(entry.version());
        T bare = blank.get();
        bare.setMetadata(metadata);
        return bare;
    }
}

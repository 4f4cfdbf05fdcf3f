package io.fairlead.cluster.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fairlead.cluster.objects.ObjectReduction;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.cluster.objects.Reduction;
import io.fairlead.cluster.objects.Reduction.Reduced;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An informer's store that keeps of each object what rules need, and gives the informer back identity and version alone
 * (fabric8 8.0.0 asks for no more). Memory follows the rules, not the objects. Every change is handed on from here, where
 * what was before is known, so that lists, watches and the differences found by a new list all take the same way.
 *
 * @param <T> the kind of object
 */
final class ReducingStore<T extends HasMetadata> implements ItemStore<T> {

    /** Takes the changes. Either side is null for an object that is not there, not in order, or not for a proxy. */
    interface Changes {
        void changed(HasMetadata object, @Nullable Reduced before, @Nullable Reduced now);

        void problem(Problem problem);
    }

    private record Entry(String version, @Nullable Reduced value, List<Problem> problems) {}

    private final Supplier<T> blank;
    private final Changes changes;
    private final SharedNames names;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /**
     * An empty store.
     *
     * @param blank makes an object without any field set
     * @param names of all stores together
     */
    ReducingStore(Supplier<T> blank, Changes changes, SharedNames names) {
        this.blank = blank;
        this.changes = changes;
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
        Reduction reduction = ObjectReduction.reduce(object);
        Entry before = entries.get(key);
        Reduced old = before == null ? null : before.value();
        Reduced reduced = reduction.object().orElse(null);
        boolean same = old == null ? reduced == null : old.equals(reduced);
        String version = object.getMetadata().getResourceVersion();
        entries.put(key, new Entry(version == null ? "" : version, same ? old : reduced, reduction.problems()));
        if (before == null || !before.problems().equals(reduction.problems())) {
            reduction.problems().forEach(changes::problem);
        }
        if (!same) {
            changes.changed(object, old, reduced);
        }
        return before == null ? null : bare(key, before);
    }

    @Override
    public @Nullable T remove(String key) {
        Entry before = entries.remove(key);
        if (before == null) {
            return null;
        }
        T bare = bare(key, before);
        if (before.value() != null) {
            changes.changed(bare, before.value(), null);
        }
        return bare;
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

    /** Tells the informer that old objects are bare: identity and version alone. */
    @Override
    public boolean isFullState() {
        return false;
    }

    /** What is wrong with the objects that are there now. */
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

package io.fairlead.cluster.watch;

import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.cluster.objects.PodNames;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A sink that records the delivered changes, as the resulting state and as a list of words. A test can wait for a
 * condition.
 */
final class RecordingSink implements ClusterSink {
    private final Map<ServiceName, ServiceObject> services = new HashMap<>();
    private final Map<SliceObject.Key, SliceObject> slices = new HashMap<>();
    private final Map<String, NodeObject> nodes = new HashMap<>();
    private final Map<String, ServiceCidrObject> cidrs = new HashMap<>();
    private final List<String> words = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Map<SliceObject.Key, @Nullable Instant> triggers = new HashMap<>();
    private boolean synced;
    private int inside;

    @Override
    public void changed(List<ClusterChange> changes) {
        changes.forEach(this::changed);
    }

    private void changed(ClusterChange change) {
        String word = switch (change) {
            case ClusterChange.Service(var key, var _) -> "Service " + key;
            case ClusterChange.Slice(var key, var _, var _) -> "slice " + key.name();
            case ClusterChange.Node(var key, var _) -> "Node " + key;
            case ClusterChange.ServiceCidr(var key, var _) -> "ServiceCIDR " + key;
        };
        note((change.isGone() ? "remove " : "put ") + word, () -> apply(change));
    }

    private void apply(ClusterChange change) {
        switch (change) {
            case ClusterChange.Service(var key, var content) -> enter(services, key, content);
            case ClusterChange.Slice(var key, var content, var triggered) -> {
                enter(slices, key, content);
                triggers.put(key, triggered);
            }
            case ClusterChange.Node(var key, var content) -> enter(nodes, key, content);
            case ClusterChange.ServiceCidr(var key, var content) -> enter(cidrs, key, content);
        }
    }

    private static <K, V> void enter(Map<K, V> map, K key, @Nullable V content) {
        if (content == null) {
            map.remove(key);
        } else {
            map.put(key, content);
        }
    }

    @Override
    public void synced() {
        note("synced", () -> synced = true);
    }

    @Override
    public void problem(Problem problem) {
        note("problem", () -> problems.add(problem));
    }

    /** Ignores the names: {@code ClusterSnapshotTest} tests them. */
    @Override
    public void pods(Supplier<PodNames> names) {}

    /** Records a call. Two calls at the same time are not allowed. They add a word that no test expects. */
    private void note(String word, Runnable change) {
        synchronized (this) {
            inside++;
            if (inside > 1) {
                words.add("two calls at once");
            }
        }
        synchronized (this) {
            change.run();
            words.add(word);
            inside--;
            notifyAll();
        }
    }

    synchronized ClusterState state() {
        return ClusterState.of(services, slices, nodes, cidrs);
    }

    synchronized List<String> words() {
        return List.copyOf(words);
    }

    synchronized List<Problem> problems() {
        return List.copyOf(problems);
    }

    synchronized @Nullable Instant trigger(String namespace, String name) {
        return triggers.get(new SliceObject.Key(namespace, name));
    }

    synchronized boolean isSynced() {
        return synced;
    }

    /**
     * Waits up to 20 s for a condition. If the time passes, fails with the list of recorded events, one word for each.
     */
    synchronized void await(String what, Predicate<RecordingSink> condition) {
        Instant end = Instant.now().plus(Duration.ofSeconds(20));
        while (!condition.test(this)) {
            long left = Duration.between(Instant.now(), end).toMillis();
            if (left <= 0) {
                throw new AssertionError("waited in vain for " + what + "; delivered: " + words);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    void awaitWord(String word) {
        await(word, sink -> sink.words().contains(word));
    }

    synchronized void forgetWords() {
        words.clear();
    }
}

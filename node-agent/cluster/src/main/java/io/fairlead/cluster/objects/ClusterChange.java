package io.fairlead.cluster.objects;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The new state of one cluster object. The content is null in the cases that {@link #isGone} lists. Two changes of the
 * same object have equal keys, and the later change replaces the earlier one.
 */
public sealed interface ClusterChange {

    /** A Service. The content is null if the Service was deleted, or if it has a value that cannot be used. */
    record Service(ServiceName key, @Nullable ServiceObject content) implements ClusterChange {}

    /**
     * An EndpointSlice, or one family of a subset of a legacy Endpoints object.
     *
     * @param triggered the time of the change of the pods that caused this change of the slice (EPS-16); null if the
     *     slice does not state the time
     */
    record Slice(
            SliceObject.Key key,
            @Nullable SliceObject content,
            @Nullable Instant triggered) implements ClusterChange {}

    /** A Node, with its name as the key. */
    record Node(String key, @Nullable NodeObject content) implements ClusterChange {}

    /** A ServiceCIDR, with its name as the key. */
    record ServiceCidr(String key, @Nullable ServiceCidrObject content) implements ClusterChange {}

    /** Returns the key of the object. No other object of the same kind has the same key. */
    Object key();

    /** Returns the fields of the object that rules need; null if {@link #isGone()}. */
    @Nullable
    Object content();

    /** Returns whether the object was deleted, cannot be used, or is no longer meant for this proxy. */
    default boolean isGone() {
        return content() == null;
    }

    /** Returns the change that removes the same object. */
    default ClusterChange gone() {
        return switch (this) {
            case Service(var key, var _) -> new Service(key, null);
            case Slice(var key, var _, var _) -> new Slice(key, null, null);
            case Node(var key, var _) -> new Node(key, null);
            case ServiceCidr(var key, var _) -> new ServiceCidr(key, null);
        };
    }

    /** Returns a text for users: "Service default/web", "EndpointSlice default/web-1 (gone)". */
    default String text() {
        String object = switch (this) {
            case Service(var key, var _) -> "Service " + key;
            case Slice(var key, var _, var _) -> "EndpointSlice " + key.namespace() + "/" + key.name();
            case Node(var key, var _) -> "Node " + key;
            case ServiceCidr(var key, var _) -> "ServiceCIDR " + key;
        };
        return isGone() ? object + " (gone)" : object;
    }

    /**
     * Returns the changes that turn the first state into the second state, in the order Nodes, ServiceCIDRs, Services,
     * slices.
     */
    static List<ClusterChange> between(ClusterState before, ClusterState after) {
        List<ClusterChange> changes = new ArrayList<>();
        compare(before.nodes(), after.nodes(), Node::new, changes);
        compare(before.serviceCidrs(), after.serviceCidrs(), ServiceCidr::new, changes);
        compare(before.services(), after.services(), Service::new, changes);
        compare(before.slices(), after.slices(), (key, content) -> new Slice(key, content, null), changes);
        return changes;
    }

    private static <K extends Comparable<K>, V> void compare(
            Map<K, V> before,
            Map<K, V> after,
            BiFunction<K, @Nullable V, ClusterChange> change,
            List<ClusterChange> changes) {
        TreeSet<K> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (K key : keys) {
            V now = after.get(key);
            if (now == null || !now.equals(before.get(key))) {
                changes.add(change.apply(key, now));
            }
        }
    }
}

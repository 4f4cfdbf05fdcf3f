package io.fairlead.agent.loop;

import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.core.plan.Planner;
import java.time.Instant;
import java.util.List;

/**
 * The changes that one round handles.
 *
 * @param changes the changes, one for each object, in the order in which the objects first changed
 * @param triggers the times at which the pods changed that caused the changes of slices (EPS-16)
 */
public record ChangeBatch(List<ClusterChange> changes, List<Instant> triggers) {
    /** The batch without changes. */
    public static final ChangeBatch EMPTY = new ChangeBatch(List.of(), List.of());

    /** Copies the lists. */
    public ChangeBatch {
        changes = List.copyOf(changes);
        triggers = List.copyOf(triggers);
    }

    /** Applies the changes to the objects that a planner knows. */
    void applyTo(Planner planner) {
        for (ClusterChange change : changes) {
            switch (change) {
                case ClusterChange.Service(var name, var service) -> {
                    if (service == null) {
                        planner.remove(name);
                    } else {
                        planner.put(service);
                    }
                }
                case ClusterChange.Slice(var key, var slice, var _) -> {
                    if (slice == null) {
                        planner.remove(key);
                    } else {
                        planner.put(slice);
                    }
                }
                case ClusterChange.Node(var name, var node) -> {
                    if (node == null) {
                        planner.removeNode(name);
                    } else {
                        planner.put(node);
                    }
                }
                case ClusterChange.ServiceCidr(var name, var cidr) -> {
                    if (cidr == null) {
                        planner.removeServiceCidr(name);
                    } else {
                        planner.put(cidr);
                    }
                }
            }
        }
    }
}

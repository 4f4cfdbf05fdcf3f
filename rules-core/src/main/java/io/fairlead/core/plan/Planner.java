package io.fairlead.core.plan;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.cluster.ServiceCidrObject;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.cluster.SliceObject;
import io.fairlead.core.cluster.WeightedBackend;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.PlanDelta.ServiceChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns cluster state into a plan, Service by Service. A change of an object marks Services as dirty. {@link #update()}
 * plans the dirty Services again, and also the Services that share a frontend with a dirty Service. It returns the
 * differences. Not thread-safe.
 *
 * <h2>Design</h2>
 *
 * <ol>
 *   <li>The cost depends on the change: after a change of a slice, only its Service is planned again, whatever the size
 *       of the cluster.
 *   <li>Services can claim the same VIP or node port. An index of the claims decides which Service holds it, so the
 *       holder does not depend on the order of events.
 *   <li>Facts about the node (zone, address, pod CIDR) affect every Service. If they change, all Services are planned
 *       again. Services whose new plan equals the old plan are not reported.
 * </ol>
 */
public final class Planner {
    private NodeSettings settings;
    private final Map<ServiceName, ServiceObject> services = new HashMap<>();
    private final Map<ServiceName, TreeMap<String, SliceObject>> slices = new HashMap<>();
    private final Map<SliceObject.Key, ServiceName> sliceOwners = new HashMap<>();
    /** The Services whose traffic is split between backends, by backend. */
    private final Map<ServiceName, Set<ServiceName>> splitting = new HashMap<>();

    private final SortedMap<String, NodeObject> nodes = new TreeMap<>();
    private final SortedMap<String, ServiceCidrObject> serviceCidrs = new TreeMap<>();

    private final Map<IpFamily, Claims> claims = new EnumMap<>(IpFamily.class);
    /** The plan that each Service asks for. It includes frontends that another Service holds. */
    private final Map<ServiceName, ServicePlan> wanted = new HashMap<>();

    private final SortedMap<ServiceName, ServicePlan> plans = new TreeMap<>();
    private Set<ServiceName> dirty = new HashSet<>();
    private final Map<IpFamily, NodePlan> nodePlans = new EnumMap<>(IpFamily.class);
    private NodePlanning node;
    private boolean nodeDirty = true;

    /** Creates a planner that knows no objects. */
    public Planner(NodeSettings settings) {
        this.settings = settings;
        this.node = new NodePlanning(settings, null);
        for (IpFamily family : IpFamily.values()) {
            claims.put(family, new Claims());
        }
    }

    /** Returns the plan for a whole cluster. */
    public static Plan plan(ClusterState state, NodeSettings settings) {
        Planner planner = new Planner(settings);
        planner.replace(state);
        planner.update();
        return planner.plan();
    }

    /** Replaces the settings. Call this after the configuration or the interface addresses change. */
    public void settings(NodeSettings changed) {
        if (!changed.equals(settings)) {
            settings = changed;
            nodeDirty = true;
        }
    }

    /** Adds or replaces a Service. */
    public void put(ServiceObject service) {
        ServiceObject old = services.put(service.name(), service);
        if (!service.equals(old)) {
            changed(service.name());
            backendsChanged(old, service);
        }
    }

    /** Removes a Service. */
    public void remove(ServiceName name) {
        ServiceObject old = services.remove(name);
        if (old != null) {
            changed(name);
            backendsChanged(old, null);
        }
    }

    /** Marks a Service as dirty, and the Services whose traffic it receives. */
    private void changed(ServiceName name) {
        dirty.add(name);
        dirty.addAll(splitting.getOrDefault(name, Set.of()));
    }

    private void backendsChanged(@Nullable ServiceObject old, @Nullable ServiceObject now) {
        if (old != null) {
            backendNames(old).forEach(name -> splitting.computeIfPresent(name, (_, some) -> without(some, old.name())));
        }
        if (now != null) {
            for (ServiceName name : backendNames(now)) {
                splitting.computeIfAbsent(name, _ -> new HashSet<>()).add(now.name());
            }
        }
    }

    private static List<ServiceName> backendNames(ServiceObject service) {
        return service.annotations().backends().stream()
                .map(backend -> new ServiceName(service.name().namespace(), backend.service()))
                .toList();
    }

    private static @Nullable Set<ServiceName> without(Set<ServiceName> some, ServiceName one) {
        some.remove(one);
        return some.isEmpty() ? null : some;
    }

    /** Adds or replaces a slice. */
    public void put(SliceObject slice) {
        ServiceName owner = sliceOwners.get(slice.key());
        if (owner != null && !owner.equals(slice.service())) {
            remove(slice.key());
        }
        sliceOwners.put(slice.key(), slice.service());
        SliceObject old =
                slices.computeIfAbsent(slice.service(), _ -> new TreeMap<>()).put(slice.name(), slice);
        if (!slice.equals(old)) {
            changed(slice.service());
        }
    }

    /** Removes a slice. */
    public void remove(SliceObject.Key key) {
        ServiceName owner = sliceOwners.remove(key);
        TreeMap<String, SliceObject> ofOwner = owner == null ? null : slices.get(owner);
        if (owner != null && ofOwner != null) {
            ofOwner.remove(key.name());
            if (ofOwner.isEmpty()) {
                slices.remove(owner);
            }
            changed(owner);
        }
    }

    /** Adds or replaces a Node. Only the Node object for this node affects the plan. */
    public void put(NodeObject changed) {
        if (!changed.equals(nodes.put(changed.name(), changed))
                && changed.name().equals(settings.nodeName())) {
            nodeDirty = true;
        }
    }

    /** Removes a Node. */
    public void removeNode(String name) {
        if (nodes.remove(name) != null && name.equals(settings.nodeName())) {
            nodeDirty = true;
        }
    }

    /** Adds or replaces a ServiceCIDR. */
    public void put(ServiceCidrObject changed) {
        if (!changed.equals(serviceCidrs.put(changed.name(), changed))) {
            nodeDirty = true;
        }
    }

    /** Removes a ServiceCIDR. */
    public void removeServiceCidr(String name) {
        if (serviceCidrs.remove(name) != null) {
            nodeDirty = true;
        }
    }

    /** Replaces the whole cluster state. An object that equals the old object costs only the comparison. */
    public void replace(ClusterState state) {
        replace(new HashSet<>(services.keySet()), state.services(), this::put, this::remove);
        replace(new HashSet<>(sliceOwners.keySet()), state.slices(), this::put, this::remove);
        replace(new HashSet<>(nodes.keySet()), state.nodes(), this::put, this::removeNode);
        replace(new HashSet<>(serviceCidrs.keySet()), state.serviceCidrs(), this::put, this::removeServiceCidr);
    }

    /**
     * Plans all dirty Services, and the Services that share a frontend with a dirty Service. Returns the differences to
     * the last plan.
     */
    public PlanDelta update() {
        boolean nodeChanged = nodeDirty && planNode();
        if (dirty.isEmpty()) {
            return new PlanDelta(new TreeMap<>(), nodeChanged);
        }
        Set<ServiceName> affected = new TreeSet<>(dirty);
        for (ServiceName name : dirty) {
            enter(name, affected);
        }
        // A new set: the cost of clear() depends on the largest size that the set ever had. At the start, that size is
        // the number of all Services.
        dirty = new HashSet<>();
        SortedMap<ServiceName, ServiceChange> changes = new TreeMap<>();
        for (ServiceName name : affected) {
            ServicePlan before = plans.get(name);
            ServicePlan after = resolve(name);
            if (!Objects.equals(before, after)) {
                changes.put(name, new ServiceChange(before, after));
                if (after == null) {
                    plans.remove(name);
                } else {
                    plans.put(name, after);
                }
            }
        }
        return new PlanDelta(changes, nodeChanged);
    }

    /**
     * Returns the whole plan as of the last {@link #update()}. The cost grows with the size of the cluster. Use this
     * method to show the plan, not on each change.
     *
     * @throws IllegalStateException if {@link #update()} was never called
     */
    public Plan plan() {
        return new Plan(nodePlan(IpFamily.IPV4), nodePlan(IpFamily.IPV6), plans);
    }

    /**
     * Returns the node plan of one family as of the last {@link #update()}.
     *
     * @throws IllegalStateException if {@link #update()} was never called
     */
    public NodePlan nodePlan(IpFamily family) {
        NodePlan plan = nodePlans.get(family);
        if (plan == null) {
            throw new IllegalStateException("no plan yet: call update() first");
        }
        return plan;
    }

    private boolean planNode() {
        nodeDirty = false;
        NodePlanning now = new NodePlanning(settings, nodes.get(settings.nodeName()));
        boolean changed = false;
        for (IpFamily family : IpFamily.values()) {
            NodePlan plan = now.plan(family, serviceCidrs.values());
            changed |= !plan.equals(nodePlans.put(family, plan));
        }
        if (!now.equals(node)) {
            node = now;
            dirty.addAll(services.keySet());
        }
        return changed;
    }

    /**
     * Replaces the claims of one Service. Adds to {@code affected} all Services that share a frontend with this
     * Service, according to its old or its new claims.
     */
    private void enter(ServiceName name, Set<ServiceName> affected) {
        ServicePlan old = wanted.remove(name);
        if (old != null) {
            old.ports()
                    .forEach(port ->
                            addOwners(port.family(), claims(port.family()).remove(port), affected));
        }
        ServiceObject service = services.get(name);
        if (service != null) {
            ServicePlan now = new ServicePlanning(service, slicesOf(name), backends(service), node).plan();
            wanted.put(name, now);
            now.ports()
                    .forEach(port ->
                            addOwners(port.family(), claims(port.family()).add(port), affected));
        }
    }

    private Collection<SliceObject> slicesOf(ServiceName name) {
        TreeMap<String, SliceObject> ofService = slices.get(name);
        return ofService == null ? List.of() : ofService.values();
    }

    private List<Backend> backends(ServiceObject service) {
        List<Backend> backends = new ArrayList<>();
        for (WeightedBackend backend : service.annotations().backends()) {
            ServiceName name = new ServiceName(service.name().namespace(), backend.service());
            backends.add(new Backend(backend.service(), backend.weight(), services.get(name), slicesOf(name)));
        }
        return backends;
    }

    private void addOwners(IpFamily family, Set<Frontend.Key> keys, Set<ServiceName> affected) {
        for (Frontend.Key key : keys) {
            claims(family).claimants(key).forEach(port -> affected.add(port.service()));
        }
    }

    private @Nullable ServicePlan resolve(ServiceName name) {
        ServicePlan asked = wanted.get(name);
        if (asked == null) {
            return null;
        }
        List<PortPlan> ports = new ArrayList<>();
        List<Conflict> conflicts = new ArrayList<>();
        for (PortPlan port : asked.ports()) {
            List<Frontend> held = new ArrayList<>();
            for (Frontend frontend : port.frontends()) {
                ServicePortName holder =
                        claims(port.family()).holder(frontend.key(port.name().protocol()));
                if (holder == null || holder.equals(port.name())) {
                    held.add(frontend);
                } else {
                    conflicts.add(new Conflict(port.name(), frontend, holder));
                }
            }
            ports.add(held.size() == port.frontends().size() ? port : port.withFrontends(held));
        }
        return conflicts.isEmpty()
                ? asked
                : new ServicePlan(
                        name,
                        ports,
                        asked.noRules(),
                        conflicts,
                        asked.refused(),
                        asked.ignored(),
                        asked.healthChecks());
    }

    private Claims claims(IpFamily family) {
        return Objects.requireNonNull(claims.get(family));
    }

    private static <K, V> void replace(Set<K> before, SortedMap<K, V> now, Consumer<V> put, Consumer<K> remove) {
        before.stream().filter(key -> !now.containsKey(key)).forEach(remove);
        now.values().forEach(put);
    }
}

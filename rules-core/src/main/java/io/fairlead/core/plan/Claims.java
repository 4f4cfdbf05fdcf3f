package io.fairlead.core.plan;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The claims on each frontend in one address family, and the holder of each frontend. A claim is the request of a
 * Service port for a frontend. If several Service ports claim the same frontend, a Service port with endpoints has
 * priority over a Service port without endpoints. This agrees with kube-proxy, which rejects a packet only if no rule
 * translates it. If the endpoints do not decide, the Service port whose name sorts first holds the frontend. SVC-34
 * requires that the holder does not depend on the order of events.
 */
final class Claims {
    private final Map<Frontend.Key, TreeMap<ServicePortName, Boolean>> claimants = new HashMap<>();

    /** Adds the claims of a Service port. Returns the keys of all its frontends: their holders may have changed. */
    Set<Frontend.Key> add(PortPlan wanted) {
        Set<Frontend.Key> claimed = new HashSet<>();
        for (Frontend frontend : wanted.frontends()) {
            Frontend.Key key = frontend.key(wanted.name().protocol());
            claimants.computeIfAbsent(key, _ -> new TreeMap<>()).put(wanted.name(), wanted.anyEndpoints());
            claimed.add(key);
        }
        return claimed;
    }

    /** Removes the claims of a Service port. Returns the keys of its frontends that other Service ports still claim. */
    Set<Frontend.Key> remove(PortPlan wanted) {
        Set<Frontend.Key> shared = new HashSet<>();
        for (Frontend frontend : wanted.frontends()) {
            Frontend.Key key = frontend.key(wanted.name().protocol());
            TreeMap<ServicePortName, Boolean> all = claimants.get(key);
            if (all != null) {
                all.remove(wanted.name());
                if (all.isEmpty()) {
                    claimants.remove(key);
                } else {
                    shared.add(key);
                }
            }
        }
        return shared;
    }

    /** Returns all Service ports that claim this key. */
    Set<ServicePortName> claimants(Frontend.Key key) {
        TreeMap<ServicePortName, Boolean> all = claimants.get(key);
        return all == null ? Set.of() : all.keySet();
    }

    /** Returns the Service port that holds the key; null if no Service port claims it. */
    @Nullable
    ServicePortName holder(Frontend.Key key) {
        TreeMap<ServicePortName, Boolean> all = claimants.get(key);
        return all == null
                ? null
                : all.entrySet().stream()
                        .min(Comparator.<Map.Entry<ServicePortName, Boolean>, Boolean>comparing(
                                        entry -> !entry.getValue())
                                .thenComparing(Map.Entry::getKey))
                        .map(Map.Entry::getKey)
                        .map(Objects::requireNonNull)
                        .orElse(null);
    }
}

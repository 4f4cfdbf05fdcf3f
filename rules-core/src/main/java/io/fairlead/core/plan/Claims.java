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
 * The claims and the holder of each frontend of one family. Among the claimants, a Service port with endpoints goes
 * before one without, because kube-proxy also rejects a packet only if no rule translates it. Among equals, the first
 * by name holds the frontend: SVC-34 requires an order that is always the same.
 */
final class Claims {
    private final Map<Frontend.Key, TreeMap<ServicePortName, Boolean>> claimants = new HashMap<>();

    /** Adds the claims of a Service port; returns the keys whose holder may have changed. */
    Set<Frontend.Key> add(PortPlan wanted) {
        Set<Frontend.Key> claimed = new HashSet<>();
        for (Frontend frontend : wanted.frontends()) {
            Frontend.Key key = frontend.key(wanted.name().protocol());
            claimants.computeIfAbsent(key, _ -> new TreeMap<>()).put(wanted.name(), wanted.anyEndpoints());
            claimed.add(key);
        }
        return claimed;
    }

    /** Removes the claims of a Service port; returns the keys that other Service ports still claim. */
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

    /** Returns all claimants of this key. */
    Set<ServicePortName> claimants(Frontend.Key key) {
        TreeMap<ServicePortName, Boolean> all = claimants.get(key);
        return all == null ? Set.of() : all.keySet();
    }

    /** Returns the holder of the key; null if there is no claim. */
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

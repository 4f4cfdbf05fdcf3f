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
 * Who asks for which frontend in one family, and who holds it. A Service port with endpoints goes before one without
 * (in kube-proxy, too, a refusal is looked up only after nothing was translated); among equals the first by name holds
 * it (SVC-34 asks for any order that is always the same).
 */
final class Claims {
    private final Map<Frontend.Key, TreeMap<ServicePortName, Boolean>> claimants = new HashMap<>();

    /** Enters a port's claims; returns the keys, whose holder may have changed. */
    Set<Frontend.Key> add(PortPlan wanted) {
        Set<Frontend.Key> claimed = new HashSet<>();
        for (Frontend frontend : wanted.frontends()) {
            Frontend.Key key = frontend.key(wanted.name().protocol());
            claimants.computeIfAbsent(key, _ -> new TreeMap<>()).put(wanted.name(), wanted.anyEndpoints());
            claimed.add(key);
        }
        return claimed;
    }

    /** Takes a port's claims back; returns the keys that others still claim. */
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

    /** Everybody who asks for this key. */
    Set<ServicePortName> claimants(Frontend.Key key) {
        TreeMap<ServicePortName, Boolean> all = claimants.get(key);
        return all == null ? Set.of() : all.keySet();
    }

    /** Who holds the key; null if nobody asks for it. */
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

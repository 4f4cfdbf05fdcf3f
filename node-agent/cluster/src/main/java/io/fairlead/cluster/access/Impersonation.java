package io.fairlead.cluster.access;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The user in whose name requests are sent, instead of the logged-in user.
 *
 * @param uid the identifier of the user; "" for none
 * @param extra further attributes of the user: the values by key
 */
public record Impersonation(String user, String uid, List<String> groups, Map<String, List<String>> extra) {
    /** Copies the collections. */
    public Impersonation {
        groups = List.copyOf(groups);
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }
}

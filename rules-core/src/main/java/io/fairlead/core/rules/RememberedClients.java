package io.fairlead.core.rules;

import io.fairlead.core.net.IpFamily;

/**
 * A list of clients that the rules fill themselves: the clients that must reach the same endpoint again (ClientIP
 * affinity).
 *
 * @param servicePort the Service port of the list, for people: "ns/name:port"
 * @param clients the current number of clients
 * @param limit the most clients that the list can hold; further clients are served without affinity
 */
public record RememberedClients(String servicePort, IpFamily family, int clients, int limit) {

    /** Returns the used fraction: 0 for an empty list, 1 for a full one. */
    public double fill() {
        return (double) clients / limit;
    }
}

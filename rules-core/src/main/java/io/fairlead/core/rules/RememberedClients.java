package io.fairlead.core.rules;

import io.fairlead.core.net.IpFamily;

/**
 * A list of clients that the rules fill themselves: those who are to stay with their endpoint (ClientIP affinity).
 *
 * @param servicePort whose list it is, for people: "ns/name:port"
 * @param clients how many it has now
 * @param limit how many it takes; more are served, but not remembered
 */
public record RememberedClients(String servicePort, IpFamily family, int clients, int limit) {

    /** 0 for an empty list, 1 for a full one. */
    public double fill() {
        return (double) clients / limit;
    }
}

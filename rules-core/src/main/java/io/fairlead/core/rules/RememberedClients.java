package io.fairlead.core.rules;

import io.fairlead.core.net.IpFamily;

/**
 * A list in the kernel of clients with ClientIP affinity. The kernel adds a client to the list when a rule serves the
 * client, and then sends later connections of the client to the same endpoint.
 *
 * @param servicePort the Service port to which the list belongs, for people: "ns/name:port"
 * @param clients the current number of clients
 * @param limit the maximum number of clients; further clients are served without affinity
 */
public record RememberedClients(String servicePort, IpFamily family, int clients, int limit) {

    /** Returns the fraction of the list that is used: 0 for an empty list, 1 for a full list. */
    public double fill() {
        return (double) clients / limit;
    }
}

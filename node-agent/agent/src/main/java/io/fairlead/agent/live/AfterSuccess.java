package io.fairlead.agent.live;

/**
 * What follows when the rules are in order, in kube-proxy's order (SYNC-15): what is told of a success is told before anything
 * is done that may take its time.
 *
 * @param latency how long changes took to become rules
 * @param withoutLocalEndpoints how many Services have no endpoint here
 * @param health from now on an update may wait anew
 * @param timestamp when the rules were last in order
 * @param healthChecks health check node ports and their counts
 * @param conntrack flows that are stale now
 */
record AfterSuccess(
        Runnable latency,
        Runnable withoutLocalEndpoints,
        Runnable health,
        Runnable timestamp,
        Runnable healthChecks,
        Runnable conntrack) {

    void run() {
        latency.run();
        withoutLocalEndpoints.run();
        health.run();
        timestamp.run();
        healthChecks.run();
        conntrack.run();
    }
}

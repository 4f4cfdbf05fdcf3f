package io.fairlead.core.plan;

import java.util.List;

/**
 * The division of a Service port's traffic between backends, for each traffic policy. A division has at least two
 * shares. It is empty if the traffic is not split, or if a single backend has endpoints.
 *
 * @param cluster the division of traffic under policy Cluster, in the order of the annotation
 * @param local the division of traffic under policy Local, in the order of the annotation
 */
public record Split(List<Share> cluster, List<Share> local) {
    /** The traffic is not split. */
    public static final Split NONE = new Split(List.of(), List.of());

    /**
     * The part of the traffic that one backend receives, divided evenly between its endpoints.
     *
     * @param backend the name of the Service whose endpoints these are
     * @param weight greater than 0
     * @param endpoints at least one, sorted
     */
    public record Share(String backend, int weight, List<Endpoint> endpoints) {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if the share receives no traffic
         */
        public Share {
            endpoints = List.copyOf(endpoints);
            if (weight < 1 || endpoints.isEmpty()) {
                throw new IllegalArgumentException("no share: " + backend + "=" + weight + ", " + endpoints);
            }
        }
    }

    /** Copies the lists. A single share is not a division. */
    public Split {
        cluster = cluster.size() < 2 ? List.of() : List.copyOf(cluster);
        local = local.size() < 2 ? List.of() : List.copyOf(local);
    }

    /** Returns the division without the traffic policies that are not used. */
    Split within(boolean usesCluster, boolean usesLocal) {
        return equals(NONE) ? NONE : new Split(usesCluster ? cluster : List.of(), usesLocal ? local : List.of());
    }

    /** Returns the division for one traffic policy. */
    public List<Share> of(boolean ofLocal) {
        return ofLocal ? local : cluster;
    }

    /** Returns the sum of the weights of shares. */
    public static int weight(List<Share> shares) {
        int sum = 0;
        for (Share share : shares) {
            sum += share.weight();
        }
        return sum;
    }
}

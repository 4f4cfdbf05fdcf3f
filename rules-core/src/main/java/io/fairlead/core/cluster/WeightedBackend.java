package io.fairlead.core.cluster;

/**
 * A Service that receives a part of another Service's traffic (SPLIT-1).
 *
 * @param service the name of the Service, in the namespace of the Service whose traffic is split
 * @param weight the part of the traffic, relative to the weights of the other backends; 0 for no traffic
 */
public record WeightedBackend(String service, int weight) {
    /** The greatest weight, as in the Gateway API. */
    public static final int GREATEST = 1_000_000;

    /**
     * Checks the weight.
     *
     * @throws IllegalArgumentException if the weight is out of range
     */
    public WeightedBackend {
        if (weight < 0 || weight > GREATEST) {
            throw new IllegalArgumentException("weight out of range: " + weight);
        }
    }

    /** Returns "web-v1=90", as in the annotation. */
    @Override
    public String toString() {
        return service + "=" + weight;
    }
}

package io.fairlead.core.plan;

/** The addresses on which Services may be served, by kind. */
public record ServedRanges(ServedAddresses externalIps, ServedAddresses loadBalancerIps) {
    /** All addresses are served, as in kube-proxy. */
    public static final ServedRanges ALL = new ServedRanges(new ServedAddresses.All(), new ServedAddresses.All());

    /** Returns a copy in which no external IP is served. */
    ServedRanges withoutExternalIps() {
        return new ServedRanges(new ServedAddresses.None(), loadBalancerIps);
    }
}

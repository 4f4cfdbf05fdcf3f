package io.fairlead.cluster.watch;

/** The kinds that are listed and watched. */
public enum WatchedKind {
    SERVICES("Services", "/api/v1/services"),
    SLICES("EndpointSlices", "/apis/discovery.k8s.io/v1/endpointslices"),
    /** Read instead of slices on request, for clusters without slices (EPS-17). */
    ENDPOINTS("Endpoints", "/api/v1/endpoints"),
    /** This node's own object alone. */
    NODE("Nodes", "/api/v1/nodes"),
    SERVICE_CIDRS("ServiceCIDRs", "/apis/networking.k8s.io/v1/servicecidrs");

    private final String text;
    private final String path;

    WatchedKind(String text, String path) {
        this.text = text;
        this.path = path;
    }

    /** Returns a text for people: "EndpointSlices". */
    public String text() {
        return text;
    }

    String path() {
        return path;
    }
}

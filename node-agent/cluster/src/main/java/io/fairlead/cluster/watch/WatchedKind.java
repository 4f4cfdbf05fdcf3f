package io.fairlead.cluster.watch;

/** The kinds of objects that are listed and watched. */
public enum WatchedKind {
    SERVICES("Services", "/api/v1/services"),
    SLICES("EndpointSlices", "/apis/discovery.k8s.io/v1/endpointslices"),
    /**
     * Legacy Endpoints. If the user requests it, they are watched instead of EndpointSlices, for clusters without
     * slices (EPS-17).
     */
    ENDPOINTS("Endpoints", "/api/v1/endpoints"),
    /** Nodes. Only the Node object of this node is watched. */
    NODE("Nodes", "/api/v1/nodes"),
    SERVICE_CIDRS("ServiceCIDRs", "/apis/networking.k8s.io/v1/servicecidrs");

    private final String text;
    private final String path;

    WatchedKind(String text, String path) {
        this.text = text;
        this.path = path;
    }

    /** Returns the name of the kind in the plural, for users: "EndpointSlices". */
    public String text() {
        return text;
    }

    String path() {
        return path;
    }
}

package io.fairlead.cluster.objects;

/** The labels that determine how a proxy uses an object. */
final class Labels {
    /** The label of a slice whose value is the name of the slice's Service (EPS-2). */
    static final String SERVICE_NAME = "kubernetes.io/service-name";

    /** The label of a Service that another proxy serves. The value does not matter (SVC-3). */
    static final String SERVICE_PROXY_NAME = "service.kubernetes.io/service-proxy-name";

    /** The label of a slice whose Service is headless. The value does not matter (SVC-5). */
    static final String HEADLESS = "service.kubernetes.io/headless";

    /** The label of a Node whose value is the node's zone (TP-18). */
    static final String ZONE = "topology.kubernetes.io/zone";

    private Labels() {}
}

package io.fairlead.cluster.objects;

/** The labels that decide how a proxy uses an object. */
final class Labels {
    /** On a slice: the name of its Service (EPS-2). */
    static final String SERVICE_NAME = "kubernetes.io/service-name";

    /** On a Service, with any value: another proxy serves it (SVC-3). */
    static final String SERVICE_PROXY_NAME = "service.kubernetes.io/service-proxy-name";

    /** On a slice, with any value: its Service is headless (SVC-5). */
    static final String HEADLESS = "service.kubernetes.io/headless";

    /** On a Node: its zone (TP-18). */
    static final String ZONE = "topology.kubernetes.io/zone";

    private Labels() {}
}

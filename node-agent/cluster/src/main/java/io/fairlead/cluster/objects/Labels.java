package io.fairlead.cluster.objects;

/** Labels that decide what a proxy does with an object. */
final class Labels {
    /** On a slice: the Service it belongs to (EPS-2). */
    static final String SERVICE_NAME = "kubernetes.io/service-name";

    /** On a Service, whatever its value: another proxy serves it (SVC-3). */
    static final String SERVICE_PROXY_NAME = "service.kubernetes.io/service-proxy-name";

    /** On a slice, whatever its value: its Service is headless (SVC-5). */
    static final String HEADLESS = "service.kubernetes.io/headless";

    /** On a Node: its zone (TP-18). */
    static final String ZONE = "topology.kubernetes.io/zone";

    private Labels() {}
}

package io.fairlead.agent.kubernetes;

/** Labels that decide what a proxy does with an object. */
final class Labels {
    /** On a slice: the Service it belongs to (EPS-2). */
    static final String SERVICE_NAME = "kubernetes.io/service-name";

    /** Whatever its value: another proxy is responsible (SVC-3, SVC-5). */
    static final String SERVICE_PROXY_NAME = "service.kubernetes.io/service-proxy-name";

    /** Whatever its value: nobody proxies this (SVC-3, SVC-5). */
    static final String HEADLESS = "service.kubernetes.io/headless";

    /** On a Node: its zone (TP-18). */
    static final String ZONE = "topology.kubernetes.io/zone";

    private Labels() {}
}

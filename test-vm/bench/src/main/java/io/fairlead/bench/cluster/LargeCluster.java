package io.fairlead.bench.cluster;

/**
 * The objects of a large cluster: Services numbered from 0, each with one ClusterIP, one port and one slice of
 * endpoints. A slice has versions. Two consecutive versions have no endpoint in common, so the address that answers
 * shows which version a proxy has applied.
 */
final class LargeCluster {
    /** The range of the Services' addresses. */
    static final String SERVICE_RANGE = "10.96.0.0/12";

    /** The range of the endpoints' addresses. */
    static final String POD_RANGE = "10.128.0.0/9";

    /** The ClusterIP of the Service default/kubernetes. */
    static final int API_SERVER = 10 << 24 | 96 << 16 | 1;

    static final int API_PORT = 443;
    static final int PORT = 80;
    static final int TARGET_PORT = 8080;

    private static final int FIRST_SERVICE = 10 << 24 | 96 << 16 | 1 << 8;
    private static final int FIRST_POD = 10 << 24 | 128 << 16;
    /** The number of addresses that are reserved for the endpoints of each Service. */
    private static final int ROOM = 64;

    static final String SERVICES = "/api/v1/namespaces/default/services";
    static final String SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";

    private final int endpoints;
    private final int[] versions;

    /**
     * Creates a cluster in which all slices have version 0.
     *
     * @param services 1 to 100,000
     * @param endpoints the number of endpoints of each Service, 1 to 32
     */
    LargeCluster(int services, int endpoints) {
        this.versions = new int[services];
        this.endpoints = endpoints;
    }

    /** Returns the ClusterIP of a Service as a number of 32 bits. */
    static int address(int service) {
        return FIRST_SERVICE + service;
    }

    /** Returns the address of a Service's first endpoint as a number of 32 bits. */
    int endpoint(int service) {
        return FIRST_POD + service * ROOM + first(service);
    }

    private int first(int service) {
        return versions[service] * endpoints % (ROOM / endpoints * endpoints);
    }

    /** Returns whether this address is an endpoint of the Service's current version. */
    boolean isCurrent(int service, int address) {
        int distance = address - endpoint(service);
        return distance >= 0 && distance < endpoints;
    }

    /** Replaces all endpoints of a Service. */
    void replace(int service) {
        versions[service]++;
    }

    static String serviceName(int service) {
        return "s-%05d".formatted(service);
    }

    String serviceJson(int service) {
        return """
                {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "%s"},
                 "spec": {"clusterIP": "%s", "ports": [{"name": "p", "port": %d, "targetPort": %d}]}}""".formatted(serviceName(service), text(address(service)), PORT, TARGET_PORT);
    }

    /** Returns the path of a Service's slice in the API. */
    static String slicePath(int service) {
        return SLICES + "/" + serviceName(service) + "-1";
    }

    String sliceJson(int service) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < endpoints; i++) {
            list.append(i == 0 ? "" : ", ")
                    .append("{\"addresses\": [\"")
                    .append(text(endpoint(service) + i))
                    .append("\"], \"conditions\": {\"ready\": true, \"serving\": true}, \"nodeName\": \"node-b\"}");
        }
        return """
                {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
                 "metadata": {"name": "%1$s-1", "labels": {"kubernetes.io/service-name": "%1$s"}},
                 "ports": [{"name": "p", "port": %2$d, "protocol": "TCP"}], "endpoints": [%3$s]}""".formatted(serviceName(service), TARGET_PORT, list);
    }

    static String text(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }
}

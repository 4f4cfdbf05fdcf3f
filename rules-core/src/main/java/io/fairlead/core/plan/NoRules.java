package io.fairlead.core.plan;

/** The reason why a valid Service has no rules. */
public enum NoRules {
    /** The type is ExternalName: DNS answers for the Service (SVC-2). */
    EXTERNAL_NAME("it is of type ExternalName: DNS answers with a CNAME, so its clients need no rules"),
    /** The Service is headless: its clusterIP is None (SVC-1). */
    HEADLESS("it is headless (clusterIP: None): DNS answers with the endpoints' own addresses"),
    /** The Service has no clusterIP yet (SVC-1). */
    NO_CLUSTER_IP("it has no clusterIP (yet)"),
    /** The Service has the label service.kubernetes.io/service-proxy-name (SVC-3). */
    OTHER_PROXY("it has the label service.kubernetes.io/service-proxy-name: another proxy serves it"),
    /** The Service has no ports. */
    NO_PORTS("it has no ports");

    private final String reason;

    NoRules(String reason) {
        this.reason = reason;
    }

    /** Returns a clause for people that completes the sentence "no rules, because ...". */
    public String reason() {
        return reason;
    }
}

package io.fairlead.config;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sets kube-proxy's defaults for v1alpha1 in the JSON tree of a configuration (CFG-6). The tree must have all sections.
 */
final class Defaults {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int HEALTHZ_PORT = 10_256;
    private static final int METRICS_PORT = 10_249;

    /** The defaults of fields for which zero means "not set". */
    private static final List<Default> IF_ZERO = List.of(
            text("bindAddress", "0.0.0.0"),
            text("clientConnection.contentType", "application/vnd.kubernetes.protobuf"),
            number("clientConnection.qps", 5),
            number("clientConnection.burst", 10),
            time("configSyncPeriod", "15m0s"),
            time("iptables.syncPeriod", "30s"),
            time("iptables.minSyncPeriod", "1s"),
            time("nftables.syncPeriod", "30s"),
            time("nftables.minSyncPeriod", "1s"),
            text("logging.format", "text"),
            time("logging.flushFrequency", "5s"));

    /** The defaults of fields for which zero is a valid value, so that only null or a missing value means "not set". */
    private static final List<Default> IF_UNSET = List.of(
            number("oomScoreAdj", -999),
            new Default("iptables.localhostNodePorts", JSON.booleanNode(true), ""),
            number("iptables.masqueradeBit", 14),
            number("nftables.masqueradeBit", 14),
            number("conntrack.maxPerCore", 32 * 1024),
            number("conntrack.min", 128 * 1024),
            text("conntrack.tcpEstablishedTimeout", "24h0m0s"),
            text("conntrack.tcpCloseWaitTimeout", "1h0m0s"));

    private Defaults() {}

    /**
     * The default of one field.
     *
     * @param zero for a field whose JSON value is a string, the value that means "not set": "" for a text, "0s" for a
     *     duration. It is not used for a number, for which 0 means "not set"
     */
    private record Default(String path, JsonNode value, String zero) {
        boolean isZero(JsonNode node) {
            return node.isNumber() ? node.doubleValue() == 0 : node.asString().equals(zero);
        }
    }

    private static Default text(String path, String value) {
        return new Default(path, JSON.stringNode(value), "");
    }

    private static Default time(String path, String value) {
        return new Default(path, JSON.stringNode(value), "0s");
    }

    private static Default number(String path, int value) {
        return new Default(path, JSON.numberNode(value), "");
    }

    static void apply(ObjectNode tree) {
        IF_ZERO.forEach(one -> set(tree, one, one.isZero(FieldMapping.at(tree, one.path()))));
        IF_UNSET.forEach(one -> set(tree, one, isUnset(FieldMapping.at(tree, one.path()))));
        boolean ipv4 = HostPort.isIpv4(tree.path("bindAddress").asString());
        setAddress(tree, "healthzBindAddress", ipv4 ? "0.0.0.0" : "::", HEALTHZ_PORT);
        setAddress(tree, "metricsBindAddress", ipv4 ? "127.0.0.1" : "::1", METRICS_PORT);
    }

    /** Sets the default host if the address is empty, and adds the default port if the address has no port (CFG-7). */
    private static void setAddress(ObjectNode tree, String field, String host, int port) {
        String text = tree.path(field).asString();
        tree.put(field, HostPort.withPort(text.isEmpty() ? host : text, port));
    }

    private static void set(ObjectNode tree, Default one, boolean applies) {
        if (applies) {
            FieldMapping.put(tree, one.path(), one.value());
        }
    }

    private static boolean isUnset(JsonNode node) {
        return node.isNull() || node.isMissingNode();
    }
}

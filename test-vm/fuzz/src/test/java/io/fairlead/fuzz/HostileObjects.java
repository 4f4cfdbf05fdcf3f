package io.fairlead.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Generates objects as JSON that an API server could send if it checked nothing: names that end a quotation, addresses
 * of the node, ports beyond every range, lists with a thousand equal entries. Fields have the right types, because a
 * server cannot store others. Every object is in the namespace "hostile", or in none that exists.
 */
final class HostileObjects {
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "a",
            "http",
            "Http",
            "-a",
            "a-",
            "a.b",
            "..",
            "a\\nb",
            "a\\u0000b",
            "a\\\"b",
            "\\\" -j ACCEPT\\n-A INPUT",
            "x; flush ruleset",
            "}\\n}\\nflush ruleset",
            "$(id)",
            "KUBE-SVC-ABCDEFGHIJKLMNOP",
            "kube-proxy",
            "\\u00e4\\u4e2d\\ud83d\\ude80",
            "\\ud83d",
            "x".repeat(63),
            "x".repeat(64),
            "x".repeat(300));

    private static final List<String> ADDRESSES = List.of(
            "",
            "None",
            "none",
            "0.0.0.0",
            "::",
            "127.0.0.1",
            "::1",
            "255.255.255.255",
            "224.0.0.1",
            "ff02::1",
            "169.254.169.254",
            "fe80::1",
            "fe80::1%eth0",
            "192.168.0.10",
            "010.095.000.007",
            "::ffff:10.95.0.7",
            "10.96.0",
            "10.96.0.1/32",
            " 10.96.0.1",
            "10.96.0.1\\n",
            "[fd00::1]",
            "fd00:0000:0000::0001",
            "1:2:3:4:5:6:7:8:9",
            "999.1.1.1",
            "example.com");

    private static final List<String> ENDPOINTS = List.of(
            "",
            "0.0.0.0",
            "::",
            "127.0.0.1",
            "224.0.0.9",
            "169.254.1.1",
            "fe80::9",
            "010.244.001.007",
            "10.244.1",
            "::ffff:10.244.1.8",
            "10.244.1.9\\n",
            "pod.example.com");

    private static final List<String> RANGES = List.of(
            "0.0.0.0/0",
            "::/0",
            "10.0.0.0/8",
            "10.1.2.3/8",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "10.0.0.0",
            "fd00::/129",
            "fd00::1/64",
            "::ffff:10.0.0.0/104",
            " 10.0.0.0/8 ",
            "",
            "all",
            "10.0.0.0/8,11.0.0.0/8");

    private static final List<Integer> NUMBERS =
            List.of(0, -1, 1, 53, 80, 80, 443, 10256, 30001, 32767, 65535, 65536, Integer.MAX_VALUE, Integer.MIN_VALUE);

    private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP", "tcp", "ICMP", "", "TCP\\n");

    private final Random random;
    private final StringBuilder json = new StringBuilder();

    HostileObjects(long seed) {
        this.random = new Random(seed);
    }

    /** Returns the next object. */
    byte[] next() {
        json.setLength(0);
        switch (random.nextInt(20)) {
            case 0 -> node();
            case 1 -> cidr();
            case 2, 3, 4, 5, 6, 7 -> slice();
            case 8 -> endpoints();
            default -> service();
        }
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private boolean oneOf(int count) {
        return random.nextInt(count) == 0;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** Usually a name that many objects of a run share, so that objects replace each other. */
    private String name(String prefix) {
        return oneOf(12) ? pick(TEXTS) : prefix + random.nextInt(400);
    }

    private String address() {
        if (oneOf(8)) {
            return pick(ADDRESSES);
        }
        return oneOf(3)
                ? "fd00:96::" + Integer.toHexString(1 + random.nextInt(600))
                : "10.96." + random.nextInt(3) + "." + random.nextInt(256);
    }

    /** An address of a pod. It is never one of a Service, because packets to it would meet that Service's rules too. */
    private String endpoint() {
        return oneOf(10) ? pick(ENDPOINTS) : "10.244." + (1 + random.nextInt(2)) + "." + (100 + random.nextInt(90));
    }

    private String protocol() {
        return oneOf(15) ? pick(PROTOCOLS) : PROTOCOLS.get(random.nextInt(3));
    }

    private int port() {
        return oneOf(8) ? pick(NUMBERS) : 1 + random.nextInt(1000);
    }

    private void begin(String version, String kind, String name, String labels) {
        json.append("{\"apiVersion\":\"")
                .append(version)
                .append("\",\"kind\":\"")
                .append(kind);
        json.append("\",\"metadata\":{\"name\":\"").append(name).append("\",\"namespace\":\"");
        json.append(oneOf(20) ? pick(TEXTS) : "hostile")
                .append("\",\"labels\":{")
                .append(labels)
                .append('}');
        json.append(",\"annotations\":{\"service.kubernetes.io/topology-mode\":\"")
                .append(pick(TEXTS))
                .append("\"}}");
    }

    private static String label(String key, String value) {
        return "\"" + key + "\":\"" + value + "\"";
    }

    private void texts(String field, int most, Supplier<String> value) {
        json.append(",\"").append(field).append("\":[");
        int count = oneOf(40) ? 300 : random.nextInt(most + 1);
        for (int i = 0; i < count; i++) {
            json.append(i == 0 ? "" : ",").append(oneOf(60) ? "null" : "\"" + value.get() + "\"");
        }
        json.append(']');
    }

    private void text(String field, String value) {
        json.append(",\"").append(field).append("\":");
        json.append(oneOf(10) ? "null" : "\"" + value + "\"");
    }

    private void service() {
        String proxy = oneOf(30) ? label("service.kubernetes.io/service-proxy-name", pick(TEXTS)) : "";
        begin("v1", "Service", name("svc-"), proxy);
        json.append(",\"spec\":{\"clusterIP\":\"").append(address()).append('"');
        if (oneOf(2)) {
            texts("clusterIPs", 2, this::address);
            texts("ipFamilies", 2, () -> oneOf(9) ? pick(TEXTS) : oneOf(2) ? "IPv4" : "IPv6");
        }
        String type = pick(List.of("ClusterIP", "NodePort", "LoadBalancer", "LoadBalancer", "ExternalName"));
        text("type", oneOf(12) ? pick(TEXTS) : type);
        ports("nodePort");
        texts("externalIPs", 2, this::address);
        texts("loadBalancerSourceRanges", 3, () -> pick(RANGES));
        text("externalTrafficPolicy", pick(List.of("Cluster", "Local", "local", "")));
        text("internalTrafficPolicy", pick(List.of("Cluster", "Local", "Nothing")));
        text("trafficDistribution", pick(List.of("PreferClose", "PreferSameNode", "Never")));
        text("sessionAffinity", pick(List.of("None", "ClientIP", "Cookie")));
        json.append(",\"sessionAffinityConfig\":{\"clientIP\":{\"timeoutSeconds\":")
                .append(port())
                .append("}}");
        json.append(",\"healthCheckNodePort\":").append(port()).append('}');
        json.append(",\"status\":{\"loadBalancer\":{\"ingress\":[");
        int count = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            json.append(i == 0 ? "{" : ",{").append(label("ip", address())).append(',');
            json.append(label("ipMode", pick(List.of("VIP", "Proxy", "")))).append('}');
        }
        json.append("]}}}");
    }

    private void ports(String number) {
        json.append(",\"ports\":[");
        int count = oneOf(50) ? 200 : random.nextInt(4);
        for (int i = 0; i < count; i++) {
            json.append(i == 0 ? "{" : ",{").append("\"port\":").append(port());
            text("name", oneOf(5) ? pick(TEXTS) : "p" + i);
            text("protocol", protocol());
            if (oneOf(2)) {
                json.append(",\"").append(number).append("\":").append(oneOf(4) ? port() : 31000 + random.nextInt(800));
            }
            json.append('}');
        }
        json.append(']');
    }

    private void slice() {
        begin(
                "discovery.k8s.io/v1",
                "EndpointSlice",
                name("slice-"),
                label("kubernetes.io/service-name", name("svc-")));
        text("addressType", pick(List.of("IPv4", "IPv4", "IPv6", "FQDN", "ipv4")));
        json.append(",\"endpoints\":[");
        int count = oneOf(50) ? 200 : random.nextInt(4);
        for (int i = 0; i < count; i++) {
            json.append(i == 0 ? "{" : ",{").append("\"nodeName\":\"").append(oneOf(2) ? "node-a" : pick(TEXTS));
            json.append("\",\"conditions\":{\"ready\":").append(!oneOf(3)).append(",\"serving\":");
            json.append(oneOf(3) ? "null" : oneOf(2))
                    .append(",\"terminating\":")
                    .append(oneOf(3))
                    .append('}');
            texts("addresses", 2, this::endpoint);
            if (oneOf(4)) {
                json.append(",\"hints\":{\"forZones\":[{")
                        .append(label("name", pick(TEXTS)))
                        .append("}]}");
            }
            json.append('}');
        }
        json.append(']');
        ports("appPort");
        json.append('}');
    }

    private void endpoints() {
        begin("v1", "Endpoints", name("svc-"), "");
        json.append(",\"subsets\":[{\"addresses\":[{")
                .append(label("ip", endpoint()))
                .append(',');
        json.append(label("nodeName", pick(TEXTS))).append("}]");
        ports("appPort");
        json.append("}]}");
    }

    private void node() {
        begin("v1", "Node", name("node-b"), label("topology.kubernetes.io/zone", pick(TEXTS)));
        json.append(",\"spec\":{\"podCIDR\":\"").append(pick(RANGES)).append('"');
        texts("podCIDRs", 2, () -> pick(RANGES));
        json.append("},\"status\":{\"addresses\":[{")
                .append(label("type", "InternalIP"))
                .append(',');
        json.append(label("address", address())).append("}]}}");
    }

    private void cidr() {
        begin("networking.k8s.io/v1", "ServiceCIDR", name("cidr-"), "");
        json.append(",\"spec\":{\"cidrs\":[");
        int count = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            json.append(i == 0 ? "\"" : ",\"").append(pick(RANGES)).append('"');
        }
        json.append("]}}");
    }
}

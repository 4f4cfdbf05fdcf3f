package io.fairlead.inspect.bundle;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Replaces the addresses and names in a bundle by pseudonyms. A name has the same pseudonym in all files, so that a
 * packet takes the same path through the rules as before. The names of tables, interfaces and chains stay, except the
 * chains of kube-proxy whose names contain the name of a Service or its hash.
 */
public final class Pseudonyms {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Names that many clusters have. They are not replaced. */
    private static final Set<String> PUBLIC =
            Set.of("default", "kube-system", "kube-public", "kube-node-lease", "kubernetes", "kube-dns", "cluster");

    /**
     * The words of comments that Kubernetes and well-known programs write. All other words are replaced, because they
     * may be names.
     */
    private static final Set<String> WORDS = Set.copyOf(List.of("""
            a accept accepted access active addresses all allow and balancer block by calico cannot chain check cluster
            clusterips comment conntrack connection connections container containers cni destination destinations dnat docker
            drop dst egress endpoint endpoints existing external externally externally-visible firewall flannel flanneld for
            forward forwarding from hairpin has health in incoming ingress invalid ip ips ip-masq-agent is it kube kube-proxy
            kubelet kubernetes last load loadbalancer local localhost localnet mark masq masquerade must name namespace network no
            node nodelocal dnscache nodeport nodeports not note of on only or outbound outgoing packets permanent pod pods policy
            port portal portals ports postrouting proxy reject rejected related requiring return route routing rule rules
            script service services short-circuit skip snat source src subject subnet tailscale tcp that the this to
            traffic translated udp sctp via vip with without""".strip().split("\\s+")));

    private static final Pattern COMMENT = Pattern.compile("(?<=--comment )(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s\"]+))"
            + "|(?<=[^-]comment )\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern PORT = Pattern.compile("([a-z0-9][-a-z0-9.]*)/([a-z0-9][-a-z0-9.]*)");
    private static final Pattern WORD = Pattern.compile("[^\\s\"',()\\[\\]{}=]+");
    private static final Pattern PLAIN = Pattern.compile("[0-9.:/x-]*|cali:\\S*|-+|->|/tcp|/udp");
    /**
     * Matches kube-proxy's names in nftables mode, for example "service-ULMVA6XW-ns1/svc1/tcp/p80". The last group is
     * the part that begins with "__", which only names for endpoints have.
     */
    private static final Pattern NFT_NAME = Pattern.compile(
            "\\b([a-z]+)-([A-Z0-9]{8})-([a-z0-9][-a-z0-9.]*)/([a-z0-9][-a-z0-9.]*)/(tcp|udp|sctp)/([-a-z0-9]*)(__[-A-Za-z0-9./]+)?");

    private static final Pattern IPTABLES_NAME = Pattern.compile("\\bKUBE-(SVC|SVL|EXT|FW|SEP|XLB)-([A-Z2-7]{16})\\b");
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private static final Map<String, String> PREFIXES =
            Map.of("Service", "svc", "Endpoints", "svc", "Node", "node", "Pod", "pod", "EndpointSlice", "slice");

    private final KeyedHash hash;
    private final AddressPseudonyms addresses;
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    private Pseudonyms(KeyedHash hash, OrderedBits ordered) {
        this.hash = hash;
        this.addresses = new AddressPseudonyms(hash, ordered);
    }

    /**
     * Returns a copy of a bundle with pseudonyms instead of addresses and names. A file with objects or a configuration
     * that is not JSON becomes empty.
     *
     * @param key a secret and random key. Pseudonyms of addresses and hashes that are made with different keys differ
     */
    public static Bundle replaceIn(Bundle bundle, byte[] key) {
        return new Pseudonyms(new KeyedHash(key), OrderedBits.in(bundle.files().values())).of(bundle);
    }

    private Bundle of(Bundle bundle) {
        SortedMap<String, String> files = new TreeMap<>();
        bundle.files().forEach((name, text) -> files.put(hashes(name), file(name, text)));
        return new Bundle(files);
    }

    private String file(String name, String text) {
        return switch (name) {
            case Bundle.NODE_NAME -> name("node", text.strip()) + "\n";
            case Bundle.VERSIONS, Bundle.SYSCTLS -> text;
            case Bundle.OBJECTS, Bundle.CONFIGURATION -> addresses.text(json(text));
            case Bundle.CONFIGURATION_SOURCE -> text.startsWith("http:") ? addresses.text(text) : "the running proxy\n";
            default -> name.startsWith("rules/") ? addresses.text(rules(text)) : addresses.text(hashes(text));
        };
    }

    private String rules(String text) {
        String named = NFT_NAME.matcher(text).replaceAll(this::nftName);
        return COMMENT.matcher(hashes(named)).replaceAll(this::comment);
    }

    /**
     * Replaces the hashes in the names of kube-proxy's chains in iptables mode. A hash is computed from the name of a
     * Service, so a reader could use the hash to check a guessed name.
     */
    private String hashes(String text) {
        return IPTABLES_NAME
                .matcher(text)
                .replaceAll(found -> "KUBE-" + found.group(1) + "-" + base32(found.group(2), 16));
    }

    private String nftName(MatchResult found) {
        String more =
                found.group(7) == null ? "" : "__" + base32(found.group(7), 8).toLowerCase(Locale.ROOT);
        return found.group(1) + "-" + base32(found.group(2), 8) + "-" + name("ns", found.group(3)) + "/"
                + name("svc", found.group(4)) + "/" + found.group(5) + "/" + found.group(6) + more;
    }

    private String base32(String text, int length) {
        byte[] bytes = hash.of("name " + text);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            out.append(BASE32.charAt(bytes[i] & 31));
        }
        return out.toString();
    }

    private String comment(MatchResult found) {
        boolean quoted = found.group(2) == null;
        String text = !quoted ? found.group(2) : found.group(1) == null ? found.group(3) : found.group(1);
        String replaced = WORD.matcher(text).replaceAll(word -> Matcher.quoteReplacement(word(word.group())));
        return Matcher.quoteReplacement(quoted ? "\"" + replaced + "\"" : replaced);
    }

    private String word(String word) {
        var port = PORT.matcher(word);
        if (port.lookingAt()) {
            return name("ns", port.group(1)) + "/" + name("svc", port.group(2)) + word.substring(port.end());
        }
        boolean known = WORDS.contains(bare(word))
                || PLAIN.matcher(word).matches()
                || IPTABLES_NAME.matcher(word).matches();
        return known ? word : name("word", word);
    }

    private static String bare(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return lower.endsWith(":") || lower.endsWith(";") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private String name(String kind, String name) {
        if (name.isEmpty() || PUBLIC.contains(name)) {
            return name;
        }
        return names.computeIfAbsent(kind + " " + name, _ -> kind + "-" + counts.merge(kind, 1, Integer::sum));
    }

    private String json(String text) {
        try {
            return JSON.writeValueAsString(tree("", "", "", JSON.readTree(text)));
        } catch (JacksonException _) {
            return "";
        }
    }

    /**
     * Replaces the names in objects and in a configuration.
     *
     * @param kind the kind of the object around the value
     * @param parent the field that holds the object around the value
     * @param field the field that holds the value
     */
    private JsonNode tree(String kind, String parent, String field, JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                String of = object.has("kind") ? object.path("kind").asString("") : kind;
                ObjectNode copy = JsonNodeFactory.instance.objectNode();
                object.properties()
                        .forEach(entry -> copy.set(entry.getKey(), tree(of, field, entry.getKey(), entry.getValue())));
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = JsonNodeFactory.instance.arrayNode();
                array.forEach(item -> copy.add(tree(kind, parent, field, item)));
                yield copy;
            }
            default ->
                node.isString()
                        ? JsonNodeFactory.instance.stringNode(value(kind, parent, field, node.asString()))
                        : node;
        };
    }

    private String value(String kind, String parent, String field, String value) {
        return switch (field) {
            case "namespace" -> name("ns", value);
            case "kubernetes.io/service-name" -> name("svc", value);
            case "nodeName", "hostnameOverride", "hostname" -> name("node", value);
            case "topology.kubernetes.io/zone", "zone" -> name("zone", value);
            case "kubeconfig" -> "";
            case "name" -> ofObject(kind, parent, value);
            default -> value;
        };
    }

    private String ofObject(String kind, String parent, String value) {
        return switch (parent) {
            case "metadata", "targetRef" -> name(PREFIXES.getOrDefault(kind, "object"), value);
            case "forZones" -> name("zone", value);
            case "forNodes" -> name("node", value);
            default -> value;
        };
    }
}

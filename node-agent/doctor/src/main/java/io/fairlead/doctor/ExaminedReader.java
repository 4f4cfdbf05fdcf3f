package io.fairlead.doctor;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.model.NodeRules;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.inspect.bundle.Bundle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the facts from the texts of a bundle. To examine a live node, a bundle is collected but not written to a file.
 */
public final class ExaminedReader {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> TOOLS = List.of("nftables", "iptables", "ip utility", "conntrack");

    private final Bundle bundle;
    private final Dump dump;
    private final NodeRules rules;

    /**
     * Creates a reader, and parses the outputs of the tools.
     *
     * @throws io.fairlead.explain.dump.DumpException if an output of a tool cannot be read
     */
    public ExaminedReader(Bundle bundle) {
        this.bundle = bundle;
        this.dump = bundle.outputs().dump("");
        this.rules = dump.rules();
    }

    /**
     * Returns the facts.
     *
     * @param mode the mode of the proxy; null for nftables if a proxy has rules of nftables mode on the node, otherwise
     *     iptables
     */
    public Examined read(@Nullable ProxyMode mode, @Nullable Cluster cluster) {
        Map<ProxyMode, Long> lengths = lengths(rules);
        boolean nftables = lengths.getOrDefault(ProxyMode.NFTABLES, 0L) > 0;
        String counters = text(Bundle.CONNTRACK_COUNTERS);
        String clock = text(Bundle.CLOCK);
        return new Examined(
                mode != null ? mode : nftables ? ProxyMode.NFTABLES : ProxyMode.IPTABLES,
                kernel(),
                versions(),
                pairs(Bundle.SYSCTLS),
                pairs(Bundle.TRIAL),
                links(),
                counters(counters),
                Examined.number(bundle.file(Bundle.RECENT_TOTAL).orElse(null)),
                virtualServers(),
                text(Bundle.PROGRAMS).lines().collect(Collectors.toSet()),
                Examined.number(clock).isPresent()
                        ? Instant.ofEpochSecond(Examined.number(clock).getAsLong())
                        : null,
                text(Bundle.CLOCK_SOURCE).strip(),
                dump,
                rules,
                lengths,
                cluster);
    }

    private String text(String file) {
        return bundle.file(file).orElse("");
    }

    private String kernel() {
        return text(Bundle.VERSIONS)
                .lines()
                .filter(line -> line.startsWith("Linux "))
                .map(line -> line.substring("Linux ".length()))
                .findFirst()
                .orElse("");
    }

    private Map<String, String> versions() {
        Map<String, String> versions = new HashMap<>();
        text(Bundle.VERSIONS)
                .lines()
                .forEach(line -> TOOLS.stream()
                        .filter(line::startsWith)
                        .forEach(tool ->
                                versions.put(tool, line.substring(tool.length()).strip())));
        return versions;
    }

    /** Reads lines "NAME = VALUE". */
    private SortedMap<String, String> pairs(String file) {
        SortedMap<String, String> pairs = new TreeMap<>();
        text(file).lines().forEach(line -> {
            int equals = line.indexOf(" = ");
            if (equals > 0) {
                pairs.put(line.substring(0, equals), line.substring(equals + 3));
            }
        });
        return pairs;
    }

    private List<Link> links() {
        List<Link> links = new ArrayList<>();
        try {
            for (JsonNode link : JSON.readTree(text(Bundle.LINKS).isEmpty() ? "[]" : text(Bundle.LINKS))) {
                links.add(new Link(
                        link.path("ifname").asString(""),
                        link.path("linkinfo").path("info_kind").asString(""),
                        link.path("mtu").asInt(0),
                        link.path("link_type").asString("").equals("loopback")));
            }
        } catch (JacksonException _) {
            return List.of();
        }
        return links;
    }

    /**
     * Returns the sum of each counter over all processors. The text has one line with the names of the counters, and
     * one line with hexadecimal numbers for each processor.
     */
    private static SortedMap<String, Long> counters(String text) {
        SortedMap<String, Long> sums = new TreeMap<>();
        List<String> lines = text.lines().toList();
        if (lines.isEmpty()) {
            return sums;
        }
        List<String> names = Arrays.asList(lines.getFirst().strip().split("\\s+", -1));
        for (String line : lines.subList(1, lines.size())) {
            String[] values = line.strip().split("\\s+", -1);
            for (int i = 0; i < Math.min(values.length, names.size()); i++) {
                try {
                    sums.merge(names.get(i), Long.parseUnsignedLong(values[i], 16), Long::sum);
                } catch (NumberFormatException _) {
                    // A kernel with another form of this file has no counter that is known.
                }
            }
        }
        return sums;
    }

    /** Returns the scheduler of each virtual server. The lines are like "TCP 0A600001:0050 rr". */
    private List<String> virtualServers() {
        return text(Bundle.VIRTUAL_SERVERS)
                .lines()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(words ->
                        words.length >= 3 && Set.of("TCP", "UDP", "SCTP").contains(words[0]))
                .map(words -> words[2])
                .toList();
    }

    private static Map<ProxyMode, Long> lengths(NodeRules rules) {
        Map<ProxyMode, Long> lengths = new EnumMap<>(ProxyMode.class);
        for (RuleTable table : rules.tables()) {
            boolean nft = table.tool() == RuleTable.Tool.NFT && table.name().equals("kube-proxy");
            table.chains().forEach((name, chain) -> {
                boolean iptables = table.tool() != RuleTable.Tool.NFT && RuleChecks.isOfProxy(name);
                if (nft || iptables) {
                    lengths.merge(
                            nft ? ProxyMode.NFTABLES : ProxyMode.IPTABLES,
                            (long) chain.rules().size(),
                            Long::sum);
                }
            });
        }
        return lengths;
    }
}

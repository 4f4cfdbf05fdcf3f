package io.fairlead.e2e.packets;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * Generates random rules of another program, as input for iptables and nft. They match the addresses, ports and marks
 * of the flows that are sent. They are in all hooks, with jumps, sets, maps, marks, accepts, drops, rejects,
 * masquerading and NOTRACK. Answers always pass, so that the outcome of a flow depends only on its first packet.
 */
final class ForeignRules {
    private static final List<String> TABLES = List.of("raw", "mangle", "filter");
    private static final List<String> PROTOCOLS = List.of("tcp", "udp");

    private final Random random;
    private final IpFamily family;
    private final List<Ip> sources;
    private final List<IpPort> destinations;
    private final List<String> devices;

    /**
     * Creates a generator for one family.
     *
     * @param flows the flows that are sent
     * @param endpoints the endpoints to which the proxy sends these flows
     * @param devices the interfaces of the node
     */
    ForeignRules(Random random, IpFamily family, List<Flow> flows, List<IpPort> endpoints, List<String> devices) {
        this.random = random;
        this.family = family;
        this.devices = devices;
        this.sources = new ArrayList<>(new TreeSet<>(flows.stream()
                .map(Flow::from)
                .filter(ip -> ip.family() == family)
                .toList()));
        TreeSet<IpPort> all = new TreeSet<>(flows.stream()
                .map(flow -> new IpPort(flow.to(), flow.port()))
                .filter(to -> to.ip().family() == family)
                .toList());
        all.addAll(endpoints.stream()
                .filter(endpoint -> endpoint.ip().family() == family)
                .toList());
        this.destinations = new ArrayList<>(all);
    }

    boolean isEmpty() {
        return sources.isEmpty() || destinations.isEmpty();
    }

    /** Returns input for iptables-restore --noflush. */
    String iptables() {
        StringBuilder text = new StringBuilder();
        for (String table : TABLES) {
            text.append('*').append(table).append("\n:OTHERS-A - [0:0]\n:OTHERS-B - [0:0]\n");
            for (String hook : hooks(table)) {
                if (!table.equals("raw")) {
                    text.append("-I ").append(hook).append(" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n");
                }
                int rules = 1 + random.nextInt(4);
                for (int i = 0; i < rules; i++) {
                    text.append(chance(3) && table.equals("raw") ? "-I " : "-A ")
                            .append(hook)
                            .append(words(hook))
                            .append(target(table, true));
                }
            }
            for (String chain : List.of("OTHERS-A", "OTHERS-B")) {
                for (int i = 0; i <= random.nextInt(3); i++) {
                    text.append("-A ")
                            .append(chain)
                            .append(words(""))
                            .append(chain.equals("OTHERS-A") && chance(4) ? " -j OTHERS-B\n" : target(table, false));
                }
            }
            text.append("COMMIT\n");
        }
        if (chance(2)) {
            text.append("*nat\n");
            if (chance(3)) {
                text.append("-I PREROUTING").append(words("PREROUTING")).append(" -j ACCEPT\n");
            }
            text.append("-A POSTROUTING").append(words("POSTROUTING")).append(" -j MASQUERADE\nCOMMIT\n");
        }
        return text.toString();
    }

    private static List<String> hooks(String table) {
        return switch (table) {
            case "raw" -> List.of("PREROUTING", "OUTPUT");
            case "mangle" -> List.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING");
            default -> List.of("INPUT", "FORWARD", "OUTPUT");
        };
    }

    private String words(String hook) {
        StringBuilder words = new StringBuilder();
        int matches = 1 + random.nextInt(3);
        boolean protocol = false;
        for (int i = 0; i < matches; i++) {
            switch (random.nextInt(8)) {
                case 0 -> once(words, " -s ", not(i) + " -s " + any(sources));
                case 1 ->
                    once(words, " -d ", not(i) + " -d " + any(destinations).ip());
                case 2 ->
                    once(
                            words,
                            "--mark ",
                            " -m mark" + not(i) + " --mark 0x" + Integer.toHexString(random.nextInt(4)) + "/0x3");
                case 3 ->
                    once(
                            words,
                            "ctstate",
                            " -m conntrack" + not(i) + " --ctstate " + (chance(2) ? "NEW" : "DNAT,INVALID"));
                case 4 -> once(words, "addrtype", " -m addrtype" + not(i) + " --dst-type LOCAL");
                case 5 -> {
                    if ((hook.equals("FORWARD") || hook.equals("PREROUTING") || hook.equals("INPUT"))
                            && !devices.isEmpty()) {
                        once(words, " -i ", not(i) + " -i " + any(devices));
                    }
                    if ((hook.equals("OUTPUT") || hook.equals("POSTROUTING")) && !devices.isEmpty()) {
                        once(words, " -o ", not(i) + " -o " + any(devices));
                    }
                }
                default -> {
                    if (!protocol) {
                        String name = any(PROTOCOLS);
                        words.append(" -p ")
                                .append(name)
                                .append(" -m ")
                                .append(name)
                                .append(not(i))
                                .append(" --dport ")
                                .append(ports());
                        protocol = true;
                    }
                }
            }
        }
        return words.toString();
    }

    private static void once(StringBuilder words, String key, String option) {
        if (words.indexOf(key) < 0) {
            words.append(option);
        }
    }

    private String not(int index) {
        return index > 0 && chance(4) ? " !" : "";
    }

    private String ports() {
        int port = any(destinations).port();
        return chance(2) ? Integer.toString(port) : port + ":" + Math.min(65535, port + random.nextInt(3000));
    }

    private String target(String table, boolean jumps) {
        int roll = random.nextInt(10);
        if (jumps && roll < 4) {
            return (chance(4) ? " -g " : " -j ") + (chance(2) ? "OTHERS-A" : "OTHERS-B") + "\n";
        }
        return " -j " + plainTarget(table, jumps, roll) + "\n";
    }

    private String plainTarget(String table, boolean baseChain, int roll) {
        return switch (table) {
            case "raw" -> roll < 4 && baseChain ? "CT --notrack" : roll < 6 ? "ACCEPT" : "RETURN";
            case "mangle" ->
                roll < 2
                        ? "ACCEPT"
                        : roll < 6
                                ? "MARK --set-xmark 0x" + Integer.toHexString(1 + random.nextInt(3)) + "/0x3"
                                : roll < 8 ? "MARK --or-mark 0x2" : roll < 9 ? "DROP" : "RETURN";
            default -> roll < 2 ? "ACCEPT" : roll < 6 ? "DROP" : roll < 8 ? "REJECT" : "RETURN";
        };
    }

    /** Returns input for nft -f. The rules are in a separate table. */
    String nft() {
        String name = family == IpFamily.IPV4 ? "ip" : "ip6";
        StringBuilder text = new StringBuilder("table inet others-" + name + " {\n");
        text.append("  set pairs { type ")
                .append(name.equals("ip") ? "ipv4_addr" : "ipv6_addr")
                .append(" . inet_service; elements = { ");
        TreeSet<String> pairs = new TreeSet<>();
        for (int i = 0; i < 4; i++) {
            IpPort pair = any(destinations);
            pairs.add(pair.ip() + " . " + pair.port());
        }
        text.append(String.join(", ", pairs)).append(" }; }\n");
        text.append("  chain other {\n    ")
                .append(nftMatches(name))
                .append(nftVerdict(false))
                .append("\n  }\n");
        text.append("  map verdicts { type inet_service : verdict; elements = { ")
                .append(any(destinations).port())
                .append(" : jump other }; }\n");
        for (String hook : List.of("prerouting", "input", "forward", "output", "postrouting")) {
            int priority = List.of(-150, -5, 0, 10, 150).get(random.nextInt(5));
            text.append("  chain ")
                    .append(hook)
                    .append(" {\n    type filter hook ")
                    .append(hook)
                    .append(" priority ")
                    .append(priority)
                    .append("; policy accept;\n    ct state established,related accept\n");
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                text.append("    ")
                        .append(nftMatches(name))
                        .append(nftVerdict(true))
                        .append('\n');
            }
            text.append("  }\n");
        }
        if (chance(2)) {
            text.append("  chain nat-post {\n    type nat hook postrouting priority 90; policy accept;\n    ")
                    .append(nftMatches(name))
                    .append(" masquerade\n  }\n");
        }
        if (chance(3)) {
            text.append("  chain nat-pre {\n    type nat hook prerouting priority -110; policy accept;\n    ")
                    .append(nftMatches(name))
                    .append(" accept\n  }\n");
        }
        return text.append("}\n").toString();
    }

    private String nftMatches(String name) {
        return switch (random.nextInt(9)) {
            case 0 -> name + " saddr " + any(sources);
            case 1 -> name + " daddr { " + any(destinations).ip() + " }";
            case 2 -> name + " daddr . tcp dport @pairs";
            case 3 ->
                "ct state new " + name + " saddr != " + any(sources) + " tcp dport "
                        + any(destinations).port();
            case 4 ->
                "meta mark & 0x3 == " + random.nextInt(4) + " " + name + " daddr "
                        + any(destinations).ip();
            case 5 -> "udp dport " + any(destinations).port() + "-65535 " + name + " saddr " + any(sources);
            case 6 -> "ct status dnat " + name + " daddr " + any(destinations).ip();
            case 7 -> "fib daddr type local " + name + " saddr " + any(sources);
            default -> "meta l4proto { tcp, udp } th dport " + any(destinations).port();
        };
    }

    private String nftVerdict(boolean jumps) {
        int roll = random.nextInt(9);
        if (jumps && roll < 3) {
            return roll == 0 ? " jump other" : roll == 1 ? " th dport vmap @verdicts" : " goto other";
        }
        return switch (roll) {
            case 0, 1, 2 -> " counter return";
            case 3, 4 -> " counter accept";
            case 5 -> " drop";
            case 6 -> " meta mark set meta mark | 0x2";
            case 7 -> " meta mark set 0x1";
            default -> " ct mark set 0x7";
        };
    }

    private boolean chance(int one) {
        return random.nextInt(one) == 0;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}

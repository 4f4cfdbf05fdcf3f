package io.fairlead.inspect.bundle;

import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tries in empty network namespaces which of the kernel's features that the rules of both modes need are available. A
 * list of the loaded modules would not show this, because a feature may be built into the kernel, loaded on demand, or
 * missing from the tool.
 */
public final class Trial {
    /** The text of rules that use a feature, by the name of the feature in the form "TOOL: FEATURE". */
    private static final Map<String, String> FEATURES = new LinkedHashMap<>();

    static {
        nft("nat", "chain c { type nat hook prerouting priority -100; tcp dport 80 dnat to 192.0.2.1:80; }");
        nft("masquerade", "chain c { type nat hook postrouting priority 100; masquerade fully-random; }");
        nft(
                "verdict maps",
                "map m { type ipv4_addr . inet_proto . inet_service : verdict; }\n"
                        + "chain c { ip daddr . meta l4proto . th dport vmap @m; }");
        nft("random choice", "chain c { numgen random mod 2 vmap { 0 : accept, 1 : drop }; }");
        nft("local addresses", "chain c { fib daddr type local accept; }");
        nft("conntrack", "chain c { ct state new accept; }");
        nft(
                "remembered clients",
                "set s { type ipv4_addr; flags dynamic,timeout; timeout 1h; }\nchain c { update @s { ip saddr }; }");
        nft("reject", "chain c { type filter hook input priority 0; reject; }");
        nft(
                "IPv6",
                "}\ntable ip6 t {\nchain c { type nat hook prerouting priority -100; tcp dport 80 dnat to [2001:db8::1]:80; }");
        iptables("nat", "nat", "-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 192.0.2.1:80");
        iptables("masquerade", "nat", "-A POSTROUTING -j MASQUERADE --random-fully");
        iptables("random choice", "nat", "-A PREROUTING -m statistic --mode random --probability 0.5 -j ACCEPT");
        iptables("remembered clients", "nat", "-A PREROUTING -m recent --name T --rcheck --seconds 9 --reap -j ACCEPT");
        iptables("local addresses", "nat", "-A PREROUTING -m addrtype --dst-type LOCAL -j ACCEPT");
        iptables("conntrack", "filter", "-A FORWARD -m conntrack --ctstate INVALID -j DROP");
        iptables("marks", "nat", "-A PREROUTING -m mark ! --mark 0x4000/0x4000 -j MARK --or-mark 0x4000");
        iptables("comments", "filter", "-A INPUT -m comment --comment test -j ACCEPT");
        iptables("reject", "filter", "-A INPUT -j REJECT");
    }

    private final ProcessRunner emptyNamespaces;

    /**
     * Creates a trial. Nothing is tried yet.
     *
     * @param emptyNamespaces runs each program in an empty network namespace
     */
    public Trial(ProcessRunner emptyNamespaces) {
        this.emptyNamespaces = emptyNamespaces;
    }

    private static void nft(String feature, String content) {
        FEATURES.put("nft: " + feature, "table ip t {\n%s\n}\n".formatted(content));
    }

    private static void iptables(String feature, String table, String rule) {
        FEATURES.put("iptables: " + feature, "*%s\n%s\nCOMMIT\n".formatted(table, rule));
    }

    /**
     * Loads the rules of every feature. Returns one line for each feature, for example "nft: nat = works". If the rules
     * cannot be loaded, the line has the reason instead of "works".
     */
    public String results() {
        StringBuilder lines = new StringBuilder();
        FEATURES.forEach((feature, rules) -> {
            Command command = (feature.startsWith("nft:")
                            ? Command.of("nft", "-f", "-")
                            : Command.of("iptables-restore", "-w", "5"))
                    .withInput(rules);
            lines.append(feature).append(" = ").append(result(command)).append('\n');
        });
        return lines.toString();
    }

    private String result(Command command) {
        try {
            ProcessResult result = emptyNamespaces.run(command);
            return result.succeeded()
                    ? "works"
                    : result.error()
                            .lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .findFirst()
                            .orElse("failed without a reason");
        } catch (ProgramMissingException e) {
            return "not tried: " + e.getMessage();
        } catch (IllegalStateException e) {
            return "not tried: " + e.getMessage();
        }
    }
}

package io.fairlead.explain.dump;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.node.NodeFacts;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads rules, addresses and routes from the kernel of this node: rules of nftables by a {@link NftListing}, everything
 * else by the installed tools. It changes nothing.
 */
public final class LiveDump {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final String RECENT = "/proc/thread-self/net/xt_recent";

    private final ProcessRunner runner;
    private final NodeFacts facts;
    private final NftListing nft;
    private final List<String> messages = new ArrayList<>();

    /** Creates a reader that runs the tools with {@code runner}, and lists the rules of nftables by {@code nft}. */
    public LiveDump(ProcessRunner runner, NodeFacts facts, NftListing nft) {
        this.nft = nft;
        this.runner = runner;
        this.facts = facts;
    }

    /**
     * Returns the rules, addresses, routes and routing rules of this node. Outputs that cannot be read are missing from
     * the result; {@link #messages} names them.
     *
     * @throws DumpException if an output with rules is malformed
     */
    public Dump read() {
        Outputs outputs = outputs();
        try {
            return outputs.dump("");
        } catch (DumpException e) {
            SortedMap<String, String> rules = new TreeMap<>(outputs.texts());
            rules.keySet().removeIf(name -> name.startsWith("network/"));
            messages.add(e.getMessage() + "; the routes of this node are not known");
            return new Outputs(rules).dump("");
        }
    }

    /**
     * Returns the outputs that show rules, addresses, routes, routing rules and the lists of iptables' match "recent".
     * Outputs that cannot be read are missing; {@link #messages} names them.
     */
    public Outputs outputs() {
        SortedMap<String, String> texts = new TreeMap<>();
        nftables(texts);
        for (IpFamily family : IpFamily.values()) {
            saves(family == IpFamily.IPV4 ? "iptables" : "ip6tables", texts);
        }
        network(texts);
        for (String list : facts.names(RECENT)) {
            facts.file(RECENT + "/" + list).ifPresent(text -> texts.put(Outputs.REMEMBERED + list, text));
        }
        return new Outputs(texts);
    }

    private void nftables(Map<String, String> texts) {
        try {
            NftListing.Listed listed = nft.list();
            texts.put(Outputs.NFT, listed.text());
            if (!listed.notUnderstood().isEmpty()) {
                messages.add("rules of nftables contain "
                        + listed.notUnderstood().entrySet().stream()
                                .map(each -> "[" + each.getKey() + "] (" + each.getValue() + ")")
                                .collect(Collectors.joining(", "))
                        + ", which Fairlead does not understand; it is not known whether these rules apply");
            }
        } catch (NftListing.UnavailableException e) {
            messages.add(e.getMessage() + "; rules of nftables are not taken into account");
        }
    }

    /**
     * Returns one sentence for each output that the methods of this object could not read or not understand completely:
     * the reason, and the consequence.
     */
    public List<String> messages() {
        return List.copyOf(messages);
    }

    /**
     * Runs the program conntrack and returns the connections from the flow's source to its destination and port. If the
     * program is missing or fails, returns an empty list and adds a message.
     */
    public List<Connection> connections(Flow flow) {
        String family = flow.from().family() == IpFamily.IPV4 ? "ipv4" : "ipv6";
        return run(
                        "connections that exist are not known",
                        "conntrack",
                        "-L",
                        "-f",
                        family,
                        "-p",
                        flow.protocol().toString(),
                        "--orig-src",
                        flow.from().text(),
                        "--orig-dst",
                        flow.to().text(),
                        "--orig-port-dst",
                        Integer.toString(flow.port()))
                .map(text -> text.lines()
                        .flatMap(line -> Connection.parse(line).stream())
                        .toList())
                .orElse(List.of());
    }

    /**
     * Reads the rules of both variants of iptables, because a packet passes the rules of both. A variant whose program
     * is missing or fails is left out without a message. If both are left out, reads the output of the default variant.
     */
    private void saves(String program, Map<String, String> texts) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String variant : List.of("-nft-save", "-legacy-save")) {
            quietly(program + variant).ifPresent(text -> found.put(Outputs.save(program + variant), text));
        }
        if (found.isEmpty()) {
            run("rules of " + program + " are not taken into account", program + "-save")
                    .ifPresent(text -> found.put(Outputs.save(program + "-save"), text));
        }
        texts.putAll(found);
    }

    private void network(Map<String, String> texts) {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put(Outputs.ADDRESSES, List.of("ip", "-j", "addr"));
        commands.put(Outputs.network("route-4"), List.of("ip", "-j", "-4", "route", "show", "table", "all"));
        commands.put(Outputs.network("route-6"), List.of("ip", "-j", "-6", "route", "show", "table", "all"));
        commands.put(Outputs.network("rule-4"), List.of("ip", "-j", "-4", "rule"));
        commands.put(Outputs.network("rule-6"), List.of("ip", "-j", "-6", "rule"));
        for (Map.Entry<String, List<String>> command : commands.entrySet()) {
            Optional<String> output = run(
                    "the routes of this node are not known", command.getValue().toArray(String[]::new));
            if (output.isEmpty()) {
                return;
            }
            texts.put(command.getKey(), output.get());
        }
    }

    private Optional<String> quietly(String... words) {
        try {
            ProcessResult result = runner.run(new Command(List.of(words), List.of(), LONGEST));
            return result.succeeded() ? Optional.of(result.output()) : Optional.empty();
        } catch (ProgramMissingException _) {
            return Optional.empty();
        }
    }

    private Optional<String> run(String consequence, String... words) {
        try {
            ProcessResult result = runner.run(new Command(List.of(words), List.of(), LONGEST));
            if (result.succeeded()) {
                return Optional.of(result.output());
            }
            messages.add(String.join(" ", words) + " failed: "
                    + result.error().strip().lines().findFirst().orElse("no reason given") + "; " + consequence);
        } catch (ProgramMissingException e) {
            messages.add(e.getMessage() + "; " + consequence);
        }
        return Optional.empty();
    }
}

package io.fairlead.cli;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Replaces the help texts of shared options in commands for which these texts are not exact. The texts in
 * {@link NodeOptions} and {@link InputOptions} are those of commands that judge existing rules. The other shared texts
 * are those of the agent.
 */
final class OptionTexts {
    private static final String OWN_NAMESPACE = "Default: the namespace of this process.";
    private static final String SERVER = " Default: those of an API server (see --kubeconfig).";
    private static final String MODE = "iptables or nftables: the mode of the rules. Default: the mode of";
    private static final String NOT_RUNNING =
            "else kube-proxy's defaults. The configuration of a running proxy is not used.";
    private static final String EXTERNAL = "Serve only external IPs (spec.externalIPs) in these ranges; \"\" for none."
            + " Give the ranges that the agent has. Default: all.";
    private static final String LOAD_BALANCER =
            "Like --external-ip-ranges, for load balancer IPs (status.loadBalancer.ingress).";
    private static final String EXPECTED = " Used only with --offline and --why-not.";

    private static final Map<String, String> RANGES =
            Map.of("--external-ip-ranges", EXTERNAL, "--load-balancer-ip-ranges", LOAD_BALANCER);

    private static final Map<String, String> NAMESPACE = Map.of(
            "--netns",
            namespace("Use the rules, addresses and conntrack entries of", "")
                    + " An API server is always contacted from there.");

    /** For commands that neither judge existing rules nor have the option --rules. */
    private static final Map<String, String> WRITING = Map.of(
            "--proxy-mode",
            MODE + " --config, else iptables.",
            "--config",
            NodeOptions.FILE + " Default: " + NOT_RUNNING.replace("else ", ""),
            "--filename",
            InputOptions.FILES + SERVER,
            "--node-name",
            "The name of this node in the cluster. Default: hostnameOverride of --config, else the host's name.");

    private static final Map<String, List<Map<String, String>>> TEXTS = Map.of(
            "render",
            List.of(RANGES, WRITING, addresses("those of the Node object.")),
            "apply",
            List.of(RANGES, NAMESPACE, WRITING, addresses("those of its interfaces.")),
            "diff",
            List.of(
                    RANGES,
                    NAMESPACE,
                    addresses("those of its interfaces; with --rules, those in the file; with --from and --to, those of"
                            + " the Node object."),
                    Map.of(
                            "--proxy-mode",
                            MODE + " the configuration (see --config), else iptables; with --rules and without a"
                                    + " configuration, nftables if the rules contain nftables' table kube-proxy.",
                            "--config",
                            NodeOptions.FILE + " Default: with --rules, the configuration in the bundle; "
                                    + NOT_RUNNING)),
            "trace",
            List.of(
                    NAMESPACE,
                    addresses("those of its interfaces; with --rules, those in the file; with --offline, those of the"
                            + " Node object."),
                    Map.of(
                            "--proxy-mode",
                            NodeOptions.MODE + " With --offline and without --config, iptables.",
                            "--config",
                            NodeOptions.FILE + NodeOptions.FOUND + " With --offline, only --config is used.",
                            "--filename",
                            InputOptions.FILES + " Default: the objects in a bundle of --rules. Without such objects,"
                                    + " only --offline, --why-not and a pod in --from read those of an API server (see"
                                    + " --kubeconfig).",
                            "--iptables-dispatch",
                            "As in fairlead render. Used only with --offline.",
                            "--iptables-layout",
                            "As in fairlead render. Used only with --offline.",
                            "--external-ip-ranges",
                            EXTERNAL + EXPECTED,
                            "--load-balancer-ip-ranges",
                            LOAD_BALANCER + EXPECTED)),
            "verify",
            List.of(RANGES, NAMESPACE),
            "why",
            List.of(RANGES, NAMESPACE),
            "doctor",
            List.of(
                    RANGES,
                    NAMESPACE,
                    Map.of(
                            "--filename",
                            InputOptions.FILES + " Default: the objects in a bundle of --rules; else, without"
                                    + " --kubeconfig and --master, no objects, and checks that need objects are left out.",
                            "--rules",
                            "Check the node of this bundle of fairlead dump, or - for standard input, instead of this"
                                    + " node. The objects in the bundle are used unless -f, --kubeconfig or --master is"
                                    + " given; its configuration is used unless --config is given.")),
            "dump",
            List.of(Map.of("--netns", namespace("Read the rules, addresses and conntrack entries of", ""))),
            "cleanup",
            List.of(Map.of("--netns", namespace("Remove the rules in", ""))),
            "status",
            List.of(
                    Map.of(
                            "--netns",
                            namespace(
                                    "Connect to the agent from",
                                    " The agent listens in the namespace of its own process, whatever its option --netns is."))));

    private OptionTexts() {}

    private static String namespace(String use, String more) {
        return use + " this network namespace (a name that ip netns list shows)." + more + " " + OWN_NAMESPACE;
    }

    private static Map<String, String> addresses(String byDefault) {
        return Map.of("--local-addresses", NodeOptions.ADDRESSES + " Default: " + byDefault);
    }

    /** Replaces the texts in the subcommands. */
    static void replaceIn(CommandLine root) {
        TEXTS.forEach((name, parts) -> {
            CommandSpec command =
                    Objects.requireNonNull(root.getSubcommands().get(name)).getCommandSpec();
            parts.forEach(part -> part.forEach((option, text) -> replace(command, option, text)));
        });
    }

    private static void replace(CommandSpec command, String name, String text) {
        OptionSpec option = Objects.requireNonNull(command.findOption(name), name);
        command.remove(option);
        command.addOption(OptionSpec.builder(option).description(text).build());
    }
}

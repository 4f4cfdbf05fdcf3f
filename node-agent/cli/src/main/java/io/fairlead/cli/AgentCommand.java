package io.fairlead.cli;

import io.fairlead.agent.AgentSettings;
import io.fairlead.agent.logging.AgentLog;
import io.fairlead.agent.logging.LogWriter;
import io.fairlead.config.flags.FlagValues;
import io.fairlead.config.flags.KubeProxyFlag;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Runs the agent: it reads objects from an API server or from files, and updates the kernel's rules when objects
 * change, until it is stopped. The command also accepts kube-proxy's flags.
 */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Watch Kubernetes objects and keep the kernel's rules up to date until stopped.",
        customSynopsis = "fairlead agent [OPTIONS]  (every flag of kube-proxy 1.37, and Fairlead's own)",
        description = {
            "",
            "Watches the API server of the kubeconfig in --kubeconfig; with --config, of the kubeconfig that this file"
                    + " names. Without a kubeconfig, watches the API server of the pod's cluster with the pod's service"
                    + " account, as kube-proxy does. With --source, watches files and folders instead. Serves"
                    + " kube-proxy's ports (healthz 10256, metrics 10249). Needs CAP_NET_ADMIN, and CAP_NET_RAW for"
                    + " iptables-legacy.",
            "Each sync that changes rules logs one line to standard error: what changed and how long each stage took. A"
                    + " Service whose rules the kernel refuses is reported and left out until it changes; all other"
                    + " Services are served. If a file of --source cannot be read, its last content stays in use. On"
                    + " SIGTERM or Ctrl-C the agent stops and keeps the rules.",
            "With --config, kube-proxy's other flags are ignored, as in kube-proxy. The exceptions are"
                    + " --hostname-override, --master, --cleanup, --init-only, --write-config-to, the flags about"
                    + " logging (--log*, -v, --vmodule), and with --dry-run also --healthz-bind-address and"
                    + " --metrics-bind-address. If the file changes, the agent exits with status 1; it must then be"
                    + " started again to use the new content.",
            ""
        },
        optionListHeading = "Fairlead's own options, used with and without --config:%n",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:stopped by a signal, or finished (--cleanup, --init-only, --write-config-to)",
            "1:the file of --config changed, the Node is missing, a sysctl cannot be set, or (with"
                    + " --bind-address-hard-fail) a port cannot be opened",
            "2:the command line or the configuration is wrong (under the name kube-proxy: 1)",
            "3:a capability is missing, the kernel's rules cannot be read, or --cleanup cannot remove all rules"
        },
        footer = {
            "",
            "Examples:",
            "  fairlead agent --config kube-proxy.yaml",
            "  fairlead agent --kubeconfig admin.conf --node-name worker-1 --proxy-mode nftables",
            "  fairlead agent --config kube-proxy.yaml --dry-run \\",
            "    --healthz-bind-address 127.0.0.1:20256 --metrics-bind-address 127.0.0.1:20249",
            "  fairlead agent --source /etc/fairlead/objects --proxy-mode nftables",
            "  fairlead agent --cleanup"
        })
final class AgentCommand implements Callable<Integer> {
    private static final Logger LOG = AgentLog.LOG;

    private final Surroundings surroundings;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Option(
            names = "--node-name",
            paramLabel = "NAME",
            description =
                    "The name of this node in the cluster; the same as --hostname-override. Default: hostnameOverride of"
                            + " --config, else the host's name.")
    @Nullable
    String nodeName;

    @Option(
            names = "--local-addresses",
            paramLabel = "IP",
            split = ",",
            description = "The addresses of this node, which decide which packets are from the node or to its node"
                    + " ports. Default: those of its interfaces, read again at the interval --recheck-every.")
    @Nullable
    List<String> localAddresses;

    @Option(
            names = "--source",
            paramLabel = "PATH",
            description =
                    "A file or folder with Kubernetes objects, instead of the API server. In a folder, only files with"
                            + " the extension yaml, yml or json are read. May be repeated. A Node object is not needed.")
    List<Path> sources = List.of();

    @Option(
            names = {"-R", "--recursive"},
            description = "Also read folders inside folders.")
    boolean recursive;

    @Option(
            names = "--legacy-endpoints",
            description = "Read Endpoints instead of EndpointSlices, for clusters older than 1.21.")
    boolean legacyEndpoints;

    @Option(
            names = "--nft",
            paramLabel = "HOW",
            description =
                    "How nftables rules are read and written. netlink: by this process itself; program: by the program"
                            + " nft, which needs about ten times as long for a small change, for nodes where a policy forbids"
                            + " netlink to this process. Default: netlink; if the feature gate NFTablesNetlink is off (in"
                            + " --feature-gates or --config), program.")
    @Nullable
    NftAccess nft;

    @Mixin
    LayoutOptions layouts = new LayoutOptions();

    @Mixin
    ServedRangeOptions served = new ServedRangeOptions();

    @Option(
            names = "--dry-run",
            description =
                    "Change nothing: write no rules, sysctls or Events, and delete no conntrack entries. Report in the"
                            + " log, in metrics and on the page /diff (at --metrics-bind-address) how the kernel's rules differ from those that"
                            + " Fairlead would write. Use it beside a running proxy, with free ports in"
                            + " --healthz-bind-address and --metrics-bind-address. With --dry-run these two flags"
                            + " override --config.")
    boolean dryRun;

    @Option(
            names = "--ui",
            description = "Serve a page for people at /ui on --metrics-bind-address: Services, their rules, the last"
                    + " changes, traces and verification. Default: off.")
    boolean ui;

    @Option(
            names = "--ui-token-file",
            paramLabel = "FILENAME",
            description = "A file with a token of 16 characters or more, which a browser sends as the password for /ui."
                    + " Needed if --metrics-bind-address is not a loopback address. It is read at each request.")
    @Nullable
    Path uiTokenFile;

    @Option(
            names = "--reread-every",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Check the files of --source for changes at least this often, even if the file system reports"
                    + " none. Default: 10.")
    int rereadEverySeconds = 10;

    @Option(
            names = "--recheck-every",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Interval at which the kernel's rules and the node's addresses are read again, and"
                    + " differences are repaired; 0 for never. Default: 60.")
    int recheckEverySeconds = 60;

    AgentCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        if (rereadEverySeconds < 1 || recheckEverySeconds < 0) {
            throw new CommandException(ExitCode.USAGE, "--reread-every must be 1 or more, --recheck-every 0 or more");
        }
        if (uiTokenFile != null && !ui) {
            throw new CommandException(ExitCode.USAGE, "--ui-token-file has no effect without --ui");
        }
        FlagValues flags =
                AgentFlags.read(Objects.requireNonNull(spec).commandLine().getParseResult());
        AgentConfig given = AgentConfig.of(flags, dryRun);
        LogWriter log = new LogWriter(
                given.logSettings(),
                surroundings.out(),
                surroundings.err(),
                surroundings.time(),
                ZoneId.systemDefault());
        log.install();
        given.remarks().forEach(remark -> LOG.atLevel(remark.level()).log(remark.text()));
        return new AgentRun(surroundings, this, flags, given, wiring(given, NftAccess.netlink), log).run();
    }

    /**
     * Returns a new wiring for this command line.
     *
     * @param access how its dialect reads nftables rules
     */
    Wiring wiring(AgentConfig given, NftAccess access) {
        NodeOptions node = nodeOptions(given);
        node.nft = access;
        return new Wiring(surroundings, node, namespace.name, given.config());
    }

    private NodeOptions nodeOptions(AgentConfig given) {
        NodeOptions node = new NodeOptions();
        node.config = given.file();
        node.nodeName = nodeName;
        node.localAddresses = localAddresses;
        node.served = served;
        return node.with(layouts);
    }

    /**
     * Returns the settings of the agent.
     *
     * @param wiring provides the configuration, the mode and the name of the node
     */
    AgentSettings settings(FlagValues flags, Wiring wiring) {
        return new AgentSettings(
                wiring.config(),
                wiring.mode(),
                served.read(),
                wiring.nodeName(),
                sources.isEmpty()
                        ? new AgentSettings.Source.ApiServer(
                                flags.text(KubeProxyFlag.MASTER),
                                legacyEndpoints,
                                AgentSettings.Source.ApiServer.NODE_PATIENCE)
                        : new AgentSettings.Source.Files(sources, recursive, Duration.ofSeconds(rereadEverySeconds)),
                namespace.name,
                Duration.ofSeconds(recheckEverySeconds),
                dryRun);
    }
}

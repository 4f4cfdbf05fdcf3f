package io.fairlead.cli;

import io.fairlead.agent.live.AgentEndedException;
import io.fairlead.agent.live.AgentParts;
import io.fairlead.agent.live.AgentSettings;
import io.fairlead.agent.live.LiveAgent;
import io.fairlead.agent.live.NodePreparation;
import io.fairlead.agent.logging.LogLine;
import io.fairlead.agent.logging.LogWriter;
import io.fairlead.agent.serve.BindFailedException;
import io.fairlead.agent.sysctl.NodeSetup;
import io.fairlead.cluster.watch.ApiServerException;
import io.fairlead.config.ConfigFileWatch;
import io.fairlead.config.FeatureGates;
import io.fairlead.config.flags.FlagValues;
import io.fairlead.config.flags.KubeProxyFlag;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.iptables.IptablesBackend;
import io.fairlead.iptables.render.EndpointLayout;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Keeps the kernel in step with an API server, or with files, until it is told to stop. Takes kube-proxy's flags too.
 */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Watch objects and keep the kernel's rules in step with them until stopped.",
        customSynopsis = "fairlead agent [OPTIONS]  (every flag of kube-proxy 1.37, and those of Fairlead's own)",
        description = {
            "",
            "Follows the API server that --kubeconfig, --config or the pod's own account names, as kube-proxy does, and answers"
                    + " on its ports (healthz 10256, metrics 10249); with --source, follows files and folders instead. Each round that changes something is one line on standard error, with what changed"
                    + " and how long each stage took. A Service whose rules the kernel refuses is named and left out until it"
                    + " changes; all others are served. A file that cannot be read goes on to count as it was. On SIGTERM or"
                    + " Ctrl-C the agent stops and the rules stay.",
            "With --config kube-proxy's other flags are ignored, but for those that kube-proxy heeds there too. A change of that"
                    + " file ends the agent, so that it is started with the new one.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:stopped by a signal, or done",
            "1:ended by itself: the configuration changed, or something it needs is missing",
            "2:the command line or the configuration is wrong",
            "3:a capability is missing, or the kernel cannot be read, or --cleanup is refused"
        },
        footer = {
            "",
            "Examples:",
            "  fairlead agent --config /var/lib/kube-proxy/config.conf",
            "  fairlead agent --kubeconfig admin.conf --node-name worker-1 --proxy-mode nftables",
            "  fairlead agent --config /var/lib/kube-proxy/config.conf --dry-run",
            "  fairlead agent --source /etc/fairlead/objects --proxy-mode nftables",
            "  fairlead agent --cleanup"
        })
final class AgentCommand implements Callable<Integer> {
    private static final Duration CONFIG_LOOK = Duration.ofSeconds(2);
    private static final String LOG_SOURCE = "agent";

    private final Surroundings surroundings;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Option(
            names = "--node-name",
            paramLabel = "NAME",
            description = "This node's name in the cluster; the same as --hostname-override. Default: the host's name.")
    @Nullable
    String nodeName;

    @Option(
            names = "--local-addresses",
            paramLabel = "IP,...",
            split = ",",
            description = "This node's own addresses. Default: those of its interfaces, followed as they change.")
    @Nullable
    List<String> localAddresses;

    @Option(
            names = "--source",
            paramLabel = "PATH",
            description = "File or folder with Kubernetes objects. May be repeated. Default: the API server.")
    List<Path> sources = List.of();

    @Option(
            names = {"-R", "--recursive"},
            description = "Read folders inside folders too.")
    boolean recursive;

    @Option(
            names = "--legacy-endpoints",
            description = "Read Endpoints instead of EndpointSlices, for clusters older than 1.21.")
    boolean legacyEndpoints;

    @Option(
            names = "--nft",
            paramLabel = "HOW",
            defaultValue = "auto",
            description =
                    "How nftables rules are written: library (libnftables in this process: small changes in a tenth of the"
                            + " time), program (nft), or auto (the default: the library if it is there and accepts what is"
                            + " written, unless the feature gate NFTablesNetlink is off).")
    NftHow nft = NftHow.auto;

    /** The two ways to nftables. */
    enum NftHow {
        auto,
        program,
        library
    }

    @Option(
            names = NodeOptions.DISPATCH,
            paramLabel = "HOW",
            defaultValue = "auto",
            description = NodeOptions.DISPATCH_HELP)
    NodeOptions.Dispatch dispatch = NodeOptions.Dispatch.auto;

    @Option(
            names = NodeOptions.LAYOUT,
            paramLabel = "CHAINS",
            defaultValue = NodeOptions.LAYOUT_DEFAULT,
            converter = EndpointLayoutConverter.class,
            completionCandidates = EndpointLayoutConverter.Words.class,
            description = NodeOptions.LAYOUT_HELP)
    EndpointLayout layout = EndpointLayout.KUBE_PROXY;

    @Option(
            names = "--dry-run",
            description =
                    "Write nothing: no rules, sysctls, flows or Events. Beside a running proxy, say in the log, in metrics"
                            + " and on the page /diff how far the kernel is from what Fairlead would have. Give ports"
                            + " that are free with --healthz-bind-address and --metrics-bind-address; they count beside"
                            + " --config then.")
    boolean dryRun;

    @Option(
            names = "--look-every",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Look for changed files at least this often, whatever the file system tells. Default: 10.")
    int lookEverySeconds = 10;

    @Option(
            names = "--recheck-every",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description =
                    "Read the kernel's rules and the node's addresses again this often, and repair what differs; 0 for"
                            + " never. Default: 60.")
    int recheckEverySeconds = 60;

    AgentCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        if (lookEverySeconds < 1 || recheckEverySeconds < 0) {
            throw new CommandException(ExitCode.USAGE, "--look-every must be 1 or more, --recheck-every 0 or more");
        }
        if (dryRun && !sources.isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE, "--dry-run is for an API server; for files there is fairlead diff -f PATH");
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
        given.remarks().forEach(line -> log.write(LOG_SOURCE, line));
        Wiring wiring = new Wiring(surroundings, nodeOptions(given), namespace.name, given.config());
        return run(flags, given, wiring, log);
    }

    /** In kube-proxy's order of what goes before what. */
    private int run(FlagValues flags, AgentConfig given, Wiring wiring, LogWriter log) throws IOException {
        if (!flags.text(KubeProxyFlag.WRITE_CONFIG_TO).isEmpty()) {
            Path file = Path.of(flags.text(KubeProxyFlag.WRITE_CONFIG_TO));
            Files.writeString(file, given.config().written().yaml());
            log.write(LOG_SOURCE, LogLine.info("wrote configuration to " + file));
            return ExitCode.OK;
        }
        if (flags.isOn(KubeProxyFlag.CLEANUP)) {
            return cleanUp(wiring, log);
        }
        if (flags.isOn(KubeProxyFlag.INIT_ONLY)) {
            return initialise(given, wiring, log);
        }
        return sources.isEmpty()
                ? followCluster(flags, given, wiring, open(wiring, log), log)
                : followFiles(wiring, open(wiring, log), log);
    }

    private NodeOptions nodeOptions(AgentConfig given) {
        NodeOptions node = new NodeOptions();
        node.config = given.file();
        node.nodeName = nodeName;
        node.localAddresses = localAddresses;
        node.dispatch = dispatch;
        node.layout = layout;
        return node;
    }

    private Backend<?, ?> open(Wiring wiring, LogWriter log) {
        NodeRights.check(surroundings.capabilities().get(), wiring.nodesBackend());
        wiring.requireVersions();
        return switch (nft) {
            case library -> wiring.libraryBackend();
            case program -> wiring.watched(wiring.nodesBackend());
            case auto ->
                wiring.config().featureGates().isOn(FeatureGates.NETLINK)
                        ? wiring.fastestBackend(why -> log.write(LOG_SOURCE, LogLine.warning(why)))
                        : wiring.watched(wiring.nodesBackend());
        };
    }

    /** CLN-1: everything of both modes; what is gone already is no failure. */
    private int cleanUp(Wiring wiring, LogWriter log) {
        int exitCode = ExitCode.OK;
        for (RuleRemoval.Place place : RuleRemoval.places(surroundings, wiring, List.of(ProxyMode.values()))) {
            RuleRemoval.Outcome outcome = RuleRemoval.run(place.backend(), _ -> {}, false);
            log.write(LOG_SOURCE, RuleRemoval.line(place.name(), outcome));
            exitCode = switch (outcome) {
                case RuleRemoval.Outcome.Nothing _, RuleRemoval.Outcome.Found _ -> exitCode;
                case RuleRemoval.Outcome.Partly _, RuleRemoval.Outcome.Failed _ -> ExitCode.KERNEL;
            };
        }
        return exitCode;
    }

    /** CLN-8. */
    private static int initialise(AgentConfig given, Wiring wiring, LogWriter log) {
        NodePreparation preparation = new NodePreparation(
                given.config(), wiring.mode(), new NodeSetup(), line -> log.write(LOG_SOURCE, line));
        try {
            return preparation.prepare() ? ExitCode.OK : ExitCode.ENDED;
        } catch (AgentEndedException e) {
            throw new CommandException(ExitCode.ENDED, String.valueOf(e.getMessage()));
        }
    }

    private <R extends Ruleset, C extends Change> int followCluster(
            FlagValues flags, AgentConfig given, Wiring wiring, Backend<R, C> backend, LogWriter log)
            throws IOException {
        AgentSettings settings = new AgentSettings(
                given.config(),
                wiring.mode(),
                wiring.nodeName(),
                flags.text(KubeProxyFlag.MASTER),
                legacyEndpoints,
                namespace.name,
                Duration.ofSeconds(recheckEverySeconds),
                dryRun,
                AgentSettings.NODE_PATIENCE);
        AgentParts<R, C> parts = new AgentParts<>(
                namespace.name == null ? new NodeSetup() : null,
                primary -> Backends.withPrimary(backend, primary),
                wiring::hasRulesOf,
                wiring::addresses,
                () -> afterFirstRound(wiring, backend),
                line -> log.write(LOG_SOURCE, line),
                log::verbosity,
                () -> FlagPage.text(flags),
                surroundings.time());
        AtomicBoolean changed = new AtomicBoolean();
        try (LiveAgent<R, C> agent = new LiveAgent<>(settings, parts);
                Closeable _ = watchConfig(given, changed, agent::stop);
                StopSignal _ = new StopSignal(Thread.currentThread(), agent)) {
            agent.run();
            if (!changed.get()) {
                // Inside: once the signal is let go, the process may be gone before it has said so.
                log.write(LOG_SOURCE, LogLine.info("stopped; the rules stay"));
            }
        } catch (ApiServerException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        } catch (BindFailedException | AgentEndedException e) {
            throw new CommandException(ExitCode.ENDED, String.valueOf(e.getMessage()));
        }
        if (changed.get()) {
            log.write(
                    LOG_SOURCE,
                    LogLine.error(
                            "the configuration file has changed: ending, so that it is read anew; the rules stay"));
            return ExitCode.ENDED;
        }
        return ExitCode.OK;
    }

    /** CFG-10. */
    private static Closeable watchConfig(AgentConfig given, AtomicBoolean changed, Runnable stop) {
        if (given.file() == null) {
            return () -> {};
        }
        return ConfigFileWatch.start(given.file(), given.content(), CONFIG_LOOK, () -> {
            changed.set(true);
            stop.run();
        });
    }

    private List<LogLine> afterFirstRound(Wiring wiring, Backend<?, ?> backend) {
        List<LogLine> lines = new ArrayList<>();
        ProxyMode other = wiring.mode() == ProxyMode.IPTABLES ? ProxyMode.NFTABLES : ProxyMode.IPTABLES;
        RuleRemoval.places(surroundings, wiring, List.of(other))
                .forEach(place -> removeLeftovers(place, "mode " + place.name()).ifPresent(lines::add));
        if (backend instanceof IptablesBackend iptables) {
            iptables.otherVariant().ifPresent(variant -> {
                RuleRemoval.Place place = RuleRemoval.Place.of(wiring.seeing(variant));
                removeLeftovers(place, "a proxy with " + place.name()).ifPresent(lines::add);
            });
        }
        BackendNotices.of(backend).forEach(notice -> lines.add(LogLine.info(notice)));
        return lines;
    }

    /** CLN-2; best effort. Beside rules of another mode or variant a packet is translated by whichever comes first. */
    private static Optional<LogLine> removeLeftovers(RuleRemoval.Place place, String whose) {
        return switch (RuleRemoval.run(place.backend(), _ -> {}, false)) {
            case RuleRemoval.Outcome.Nothing _ -> Optional.empty();
            case RuleRemoval.Outcome.Found(long lines) ->
                Optional.of(LogLine.warning("removed " + lines + " lines that " + whose
                        + " had left; if it is still running on this node, stop it"));
            case RuleRemoval.Outcome.Partly(long lines, List<String> leftovers) ->
                Optional.of(LogLine.warning("removed " + lines + " lines that " + whose + " had left; not all can go: "
                        + String.join("; ", leftovers)));
            case RuleRemoval.Outcome.Failed(String message) ->
                Optional.of(LogLine.warning("what " + whose + " left cannot be removed: " + message));
        };
    }

    private <R extends Ruleset, C extends Change> int followFiles(Wiring wiring, Backend<R, C> backend, LogWriter log)
            throws IOException {
        new FileFollower<>(
                        wiring,
                        backend,
                        sources,
                        recursive,
                        Duration.ofSeconds(lookEverySeconds),
                        Duration.ofSeconds(recheckEverySeconds),
                        () -> afterFirstRound(wiring, backend),
                        line -> log.write(LOG_SOURCE, line))
                .run();
        return ExitCode.OK;
    }
}

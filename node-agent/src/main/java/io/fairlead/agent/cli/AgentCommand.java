package io.fairlead.agent.cli;

import io.fairlead.agent.kubernetes.ClusterInput;
import io.fairlead.agent.kubernetes.ClusterReader;
import io.fairlead.agent.kubernetes.Problem;
import io.fairlead.agent.live.AgentSettings;
import io.fairlead.agent.live.LiveAgent;
import io.fairlead.agent.serve.BindFailedException;
import io.fairlead.agent.sync.PathWatch;
import io.fairlead.agent.sync.SyncLoop;
import io.fairlead.agent.sync.SyncReport;
import io.fairlead.agent.watch.ApiServerException;
import io.fairlead.core.backend.Backend;
import io.fairlead.core.backend.Change;
import io.fairlead.core.backend.Ruleset;
import io.fairlead.core.cluster.ServiceName;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Keeps the kernel in step with an API server, or with files, until it is told to stop. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        header = "Watch objects and keep the kernel's rules in step with them until stopped.",
        description = {
            "",
            "Follows the API server that --kubeconfig, --config or the pod's own account names, as kube-proxy does, and answers"
                    + " on its ports (healthz 10256, metrics 10249); with --source, follows files and folders instead. Each round that changes something is one line on standard error, with what changed"
                    + " and how long each stage took. A Service whose rules the kernel refuses is named and left out until it"
                    + " changes; all others are served. A file that cannot be read goes on to count as it was. On SIGTERM or"
                    + " Ctrl-C the agent stops and the rules stay.",
            "With --config the flag --proxy-mode is ignored, as kube-proxy ignores it.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:stopped by a signal",
            "2:the command line or the configuration is wrong",
            "3:a capability is missing, or the kernel's addresses cannot be read"
        },
        footer = {
            "",
            "Examples:",
            "  fairlead agent --config /var/lib/kube-proxy/config.conf",
            "  fairlead agent --kubeconfig admin.conf --node-name worker-1 --proxy-mode nftables",
            "  fairlead agent --source /etc/fairlead/objects --proxy-mode nftables",
            "  fairlead agent --source cluster.yaml --config kube-proxy.yaml --netns node-1"
        })
final class AgentCommand implements Callable<Integer> {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

    private final Surroundings surroundings;

    @Mixin
    NodeOptions node = new NodeOptions();

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Option(
            names = "--source",
            paramLabel = "PATH",
            description = "File or folder with Kubernetes objects. May be repeated. Default: the API server.")
    List<Path> sources = List.of();

    @Mixin
    ApiServerOptions apiServer = new ApiServerOptions();

    @Option(
            names = {"-R", "--recursive"},
            description = "Read folders inside folders too.")
    boolean recursive;

    @Option(
            names = "--nft",
            paramLabel = "HOW",
            defaultValue = "program",
            description =
                    "How nftables rules are written: program (nft, the default) or library (libnftables in this process:"
                            + " small changes in a tenth of the time).")
    NftHow nft = NftHow.program;

    /** The two ways to nftables. */
    enum NftHow {
        program,
        library
    }

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

    private final Set<String> told = new HashSet<>();
    private final Set<ServiceName> quarantined = new HashSet<>();

    AgentCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        if (lookEverySeconds < 1 || recheckEverySeconds < 0) {
            throw new CommandException(ExitCode.USAGE, "--look-every must be 1 or more, --recheck-every 0 or more");
        }
        if (node.config != null && node.proxyMode != null) {
            surroundings.err().println("warning: --proxy-mode is ignored because --config is given");
            node.proxyMode = null;
        }
        Wiring wiring = new Wiring(surroundings, node, namespace.name);
        wiring.advice().forEach(line -> log("note: " + line));
        Backend<?, ?> backend =
                nft == NftHow.library && !sources.isEmpty() ? wiring.libraryBackend() : wiring.backend();
        NodeRights.check(surroundings.capabilities().get(), backend);
        if (sources.isEmpty()) {
            followCluster(wiring, backend);
        } else {
            keepInStep(wiring, backend);
        }
        return ExitCode.OK;
    }

    private <R extends Ruleset, C extends Change> void followCluster(Wiring wiring, Backend<R, C> backend) {
        AgentSettings settings = new AgentSettings(
                apiServer.over(wiring.config(), node.config != null, this::log),
                wiring.mode(),
                wiring.nodeName(),
                apiServer.master,
                apiServer.legacyEndpoints,
                namespace.name,
                Duration.ofSeconds(recheckEverySeconds));
        try (LiveAgent<R, C> agent = new LiveAgent<>(settings, backend, wiring::addresses, this::log);
                Signal _ = new Signal(Thread.currentThread(), agent)) {
            agent.run();
            log("stopped; the rules stay");
        } catch (ApiServerException | BindFailedException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private <R extends Ruleset, C extends Change> void keepInStep(Wiring wiring, Backend<R, C> backend)
            throws IOException {
        ClusterReader reader = new ClusterReader(recursive, true, InputStream.nullInputStream());
        List<String> paths = sources.stream().map(Path::toString).toList();
        String nodeName = wiring.nodeName();
        SyncLoop<R, C> loop = new SyncLoop<>(
                backend,
                () -> reader.read(paths),
                () -> wiring.config().settings(wiring.mode(), nodeName, wiring.addresses()),
                System::nanoTime);
        log("started: " + wiring.mode().text() + ", node " + nodeName + ", sources " + String.join(", ", paths));
        try (PathWatch watch = new PathWatch(sources, recursive);
                Signal signal = new Signal(Thread.currentThread(), watch)) {
            tell(loop.sync(false));
            if (!loop.isBehind()) {
                BackendNotices.of(backend).forEach(line -> log("note: " + line));
            }
            rounds(wiring, loop, watch, signal);
            log("stopped; the rules stay");
        }
    }

    private void rounds(Wiring wiring, SyncLoop<?, ?> loop, PathWatch watch, Signal signal) {
        Duration minimum = wiring.config().rules(wiring.mode()).minSyncPeriod();
        Duration retry = wiring.config().rules(wiring.mode()).syncPeriod();
        Duration recheckEvery = Duration.ofSeconds(recheckEverySeconds);
        long rechecked = System.nanoTime();
        boolean recheck = false;
        try {
            while (!signal.stopped()) {
                tell(loop.sync(recheck));
                rechecked = recheck ? System.nanoTime() : rechecked;
                TimeUnit.NANOSECONDS.sleep(minimum.toNanos());
                watch.await(pause(loop.isBehind() ? retry : Duration.ofSeconds(lookEverySeconds)));
                recheck = recheckEverySeconds > 0 && System.nanoTime() - rechecked >= recheckEvery.toNanos();
            }
        } catch (InterruptedException _) {
            // told to stop while waiting
        }
    }

    private Duration pause(Duration due) {
        Duration look = Duration.ofSeconds(lookEverySeconds);
        return due.compareTo(look) < 0 ? due : look;
    }

    private void tell(SyncReport report) {
        if (report.input() != null) {
            tell(report.input());
        }
        report.quarantined().forEach((service, reason) -> {
            if (quarantined.add(service)) {
                log("quarantine: Service " + service + " is left out until it changes: " + reason);
            }
        });
        quarantined.retainAll(report.quarantined().keySet());
        boolean planned = report.delta() != null && !report.delta().isEmpty();
        if (planned || report.outcome() != SyncReport.Outcome.UNCHANGED) {
            log(report.text());
        }
    }

    /** Problems of the input, each when it appears. */
    private void tell(ClusterInput input) {
        Set<String> now = new HashSet<>();
        for (Problem problem : input.problems()) {
            String text = problem.severity().name().toLowerCase(Locale.ROOT) + ": " + problem.text();
            now.add(text);
            if (told.add(text)) {
                log(text);
            }
        }
        told.retainAll(now);
    }

    private void log(String line) {
        surroundings.err().println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + line);
        surroundings.err().flush();
    }

    /** SIGTERM and SIGINT: lets the round that is running end, and gives the process exit status 0. */
    private static final class Signal implements AutoCloseable {
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final CountDownLatch ended = new CountDownLatch(1);
        private final Thread hook;

        Signal(Thread loop, Closeable watch) {
            hook = new Thread(() -> {
                stopped.set(true);
                try {
                    watch.close();
                    if (ended.await(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                        Runtime.getRuntime().halt(ExitCode.OK);
                    }
                } catch (IOException | InterruptedException _) {
                    loop.interrupt();
                }
            });
            Runtime.getRuntime().addShutdownHook(hook);
        }

        boolean stopped() {
            return stopped.get();
        }

        @Override
        public void close() {
            ended.countDown();
            if (!stopped.get()) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }
}

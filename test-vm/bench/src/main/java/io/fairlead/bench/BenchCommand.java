package io.fairlead.bench;

import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.loop.RuleSync;
import io.fairlead.cli.CommandException;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.Surroundings;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.iptables.IptablesKernel;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.iptables.render.EndpointLayout;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.linux.time.SystemTime;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.kernel.NftProgram;
import io.fairlead.nftables.kernel.NetlinkNftables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/**
 * The command {@code bench}: measures how long it takes to load and to change a large cluster. Each backend runs in its
 * own network namespace.
 */
@picocli.CommandLine.Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        header = "Measure how long a large cluster takes to load and one endpoint to change.",
        description = {
            "",
            "Makes a network namespace and loads Services with their endpoints into it as the agent does. Then replaces"
                    + " single endpoints. Prints the duration of each stage, and figures to compare with. Needs root. The"
                    + " machine's own rules are not changed.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:all figures were measured", "2:the command line is wrong", "3:the kernel refused a change"},
        footer = {"", "Examples:", "  fairlead bench", "  fairlead bench --services 1000 --only nftables"})
final class BenchCommand implements Callable<Integer> {
    private static final Duration ANY_TIME = Duration.ofMinutes(15);
    /** The number of Services that are changed in one transaction, as during a rollout. */
    private static final int BURST = 500;

    /**
     * The measured subjects. The texts are reference values: the times that the same work took on another machine
     * (kernel 6.18, nft 1.0.6, 10,000 Services with 2 endpoints each).
     */
    enum Subject {
        nftables("0.3-0.5 s (kernel part)", "3-4 ms (kernel part, by the nft program)", "11-17 ms (kernel part)"),
        nftables_in_process("0.3-0.5 s (kernel part)", "0.3 ms (kernel part)", "11-17 ms (kernel part)"),
        iptables_legacy("1-2 s (kernel part)", "-", "-"),
        /** In this layout no endpoint has its own chain, because all endpoints are on another node. */
        iptables_legacy_compact("-", "-", "-"),
        iptables_nft("50-100 s (kernel part)", "-", "-"),
        /** Changes of rules while stale UDP flows are removed. */
        conntrack("-", "-", "-"),
        /** New flows of clients with ClientIP affinity. */
        affinity("-", "-", "-");

        private final String load;
        private final String change;
        private final String burst;

        Subject(String load, String change, String burst) {
            this.load = load;
            this.change = change;
            this.burst = burst;
        }

        private Backend<?, ?> open(ProcessRunner processes, String namespace, KernelMeter meter) {
            return switch (this) {
                case nftables -> new NftKernel(meter.on(new NftProgram(processes))).backend();
                case nftables_in_process, conntrack, affinity ->
                    new NftKernel(meter.on(NetlinkNftables.open(namespace))).backend();
                case iptables_legacy ->
                    new IptablesKernel(
                                    meter.on(processes),
                                    IptablesOptions.defaults().with(IptablesOptions.Variant.LEGACY))
                            .backend();
                case iptables_legacy_compact ->
                    new IptablesKernel(
                                    meter.on(processes),
                                    IptablesOptions.defaults()
                                            .with(IptablesOptions.Variant.LEGACY)
                                            .with(EndpointLayout.COMPACT))
                            .backend();
                case iptables_nft ->
                    new IptablesKernel(
                                    meter.on(processes),
                                    IptablesOptions.defaults().with(IptablesOptions.Variant.NFT))
                            .backend();
            };
        }

        private void measureConnections(Surroundings surroundings, BenchCluster cluster) {
            switch (this) {
                case nftables, nftables_in_process, iptables_legacy_compact, conntrack, affinity -> {}
                case iptables_legacy -> connections(surroundings, cluster, IptablesOptions.Variant.LEGACY);
                case iptables_nft -> connections(surroundings, cluster, IptablesOptions.Variant.NFT);
            }
        }

        private static void connections(
                Surroundings surroundings, BenchCluster cluster, IptablesOptions.Variant variant) {
            new ConnectBench(surroundings.processes(), surroundings.out(), cluster, variant).run();
        }

        private ProxyMode mode() {
            return switch (this) {
                case iptables_legacy, iptables_legacy_compact, iptables_nft -> ProxyMode.IPTABLES;
                case nftables, nftables_in_process, conntrack, affinity -> ProxyMode.NFTABLES;
            };
        }
    }

    private final Surroundings surroundings;

    @Option(
            names = "--services",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Number of Services. Default: 10000.")
    int services = 10_000;

    @Option(
            names = "--endpoints",
            paramLabel = "N",
            defaultValue = "2",
            description = "Endpoints of each Service. Default: 2.")
    int endpoints = 2;

    @Option(
            names = "--changes",
            paramLabel = "N",
            defaultValue = "10",
            description = "Number of single changes. Default: 10.")
    int changes = 10;

    @Option(
            names = "--flows",
            paramLabel = "N",
            defaultValue = "50000",
            description = "UDP flows in the measurement conntrack. Default: 50000.")
    int flows = 50_000;

    @Option(
            names = "--only",
            paramLabel = "WHAT",
            split = ",",
            description = "Backends: nftables, nftables_in_process, iptables_legacy, iptables_legacy_compact (with"
                    + " --iptables-layout compact), iptables_nft. conntrack: changes of rules during the clean-up"
                    + " of UDP flows. affinity: a new flow with 2 and with 200 endpoints. Default: all for which"
                    + " the tools are installed.")
    List<Subject> only = List.of(Subject.values());

    BenchCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        if (services < 1 || services > 65_536 || endpoints < 1 || endpoints > 50 || changes < 1 || flows < 1) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--services must be 1 to 65536, --endpoints 1 to 50, --changes and --flows 1 or more");
        }
        surroundings
                .out()
                .printf(
                        Locale.ROOT,
                        "%,d Services x %d endpoints; Java %d, %d CPUs%n%n",
                        services,
                        endpoints,
                        Runtime.version().feature(),
                        Runtime.getRuntime().availableProcessors());
        for (Subject subject : only) {
            switch (subject) {
                case nftables, nftables_in_process, iptables_legacy, iptables_legacy_compact, iptables_nft ->
                    measure(subject);
                case conntrack -> inNetwork(subject, this::measureConntrack);
                case affinity ->
                    inNetwork(subject, network -> new AffinityBench(network, surroundings.out()).measure());
            }
            surroundings.out().flush();
        }
        return ExitCode.OK;
    }

    private void inNetwork(Subject subject, Consumer<BenchNetwork> measurement) {
        surroundings.out().println(subject);
        try (BenchNetwork network = new BenchNetwork(surroundings.processes())) {
            measurement.accept(network);
        }
        surroundings.out().println();
    }

    private void measureConntrack(BenchNetwork network) {
        new ConntrackBench(network, services, endpoints, surroundings.out()).measure(flows);
    }

    private void measure(Subject subject) {
        String namespace = "fairlead-bench-" + ProcessHandle.current().pid();
        must(Command.of("ip", "netns", "add", namespace));
        try {
            ProcessRunner inside = surroundings.processes().inNamespace(namespace);
            ProcessRunner patient = command -> inside.run(command.withTimeout(ANY_TIME));
            surroundings.out().println(subject);
            KernelMeter meter = new KernelMeter();
            measure(subject, subject.open(patient, namespace, meter), meter);
            subject.measureConnections(surroundings, new BenchCluster(services, 1));
        } catch (ProgramMissingException e) {
            surroundings.out().println("  not measured: " + e.getMessage());
        } finally {
            must(Command.of("ip", "netns", "delete", namespace));
        }
        surroundings.out().println();
    }

    private <R extends Ruleset, C extends Change> void measure(
            Subject subject, Backend<R, C> backend, KernelMeter meter) {
        BenchCluster cluster = new BenchCluster(services, endpoints);
        NodeSettings settings = NodeSettings.defaults(subject.mode(), "bench");
        RuleSync<R, C> rules = new RuleSync<>(backend, () -> settings, new SystemTime());
        MeteredRound load = MeteredRound.of(rules, cluster);
        if (!line("load", List.of(load), meter, subject.load)) {
            return;
        }
        List<MeteredRound> single = new ArrayList<>();
        for (int i = 0; i < changes; i++) {
            cluster.changeOneEndpoint();
            single.add(MeteredRound.of(rules, cluster));
        }
        line("one endpoint changes (median of " + changes + ")", single, meter, subject.change);
        List<MeteredRound> bursts = new ArrayList<>();
        for (int i = 0; i < bursts(); i++) {
            for (int j = 0; j < BURST; j++) {
                cluster.changeOneEndpoint();
            }
            bursts.add(MeteredRound.of(rules, cluster));
        }
        line(BURST + " endpoints change at once", bursts, meter, subject.burst);
        cluster.forget();
        MeteredRound again = MeteredRound.of(new RuleSync<>(backend, () -> settings, new SystemTime()), cluster);
        line("start with nothing to do", List.of(again), meter, "writes nothing");
    }

    /**
     * Returns the number of bursts, in each of which many endpoints change: a tenth of the number of single changes,
     * but at least 1.
     */
    private int bursts() {
        return Math.max(1, changes / 10);
    }

    /** Prints one line. Returns false if a round failed. */
    private boolean line(String what, List<MeteredRound> rounds, KernelMeter meter, String reference) {
        KernelMeter.Written written = meter.take();
        List<RoundResult> reports = rounds.stream().map(MeteredRound::result).toList();
        for (RoundResult report : reports) {
            if (report.outcome() == RoundResult.Outcome.FAILED) {
                surroundings
                        .out()
                        .println("  " + what + ": "
                                + report.error().lines().findFirst().orElse(""));
                return false;
            }
        }
        Map<String, List<Duration>> stages = new LinkedHashMap<>();
        for (RoundResult report : reports) {
            report.stages()
                    .forEach(stage -> stages.computeIfAbsent(stage.name(), _ -> new ArrayList<>())
                            .add(stage.took()));
        }
        RoundResult last = reports.getLast();
        Duration whole = median(reports.stream().map(BenchCommand::whole).toList());
        String parts = stages.entrySet().stream()
                .map(entry -> entry.getKey() + " " + text(median(entry.getValue())))
                .collect(Collectors.joining(", "));
        surroundings
                .out()
                .printf(
                        Locale.ROOT,
                        "  %-38s %10s   +%d -%d lines, %,d Services, %,d bytes in %.1f transactions%n    %s%n"
                                + "    allocated: %,.1f KiB%n    to compare: %s%n",
                        what,
                        text(whole),
                        last.lines().added(),
                        last.lines().removed(),
                        services(last),
                        written.bytes() / reports.size(),
                        (double) written.transactions() / reports.size(),
                        parts,
                        MeteredRound.allocated(rounds) / 1024.0,
                        reference);
        return true;
    }

    /** Returns the number of Services whose plan changed. */
    private static int services(RoundResult report) {
        return report.changedServices();
    }

    private static Duration whole(RoundResult report) {
        return report.stages().stream().map(RoundResult.Stage::took).reduce(Duration.ZERO, Duration::plus);
    }

    private static Duration median(List<Duration> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static String text(Duration took) {
        double ms = took.toNanos() / 1e6;
        if (ms >= 1000) {
            return String.format(Locale.ROOT, "%.2f s", ms / 1000);
        }
        return String.format(Locale.ROOT, ms < 10 ? "%.3f ms" : "%.1f ms", ms);
    }

    private void must(Command command) {
        ProcessResult result = surroundings.processes().run(command);
        if (!result.succeeded()) {
            throw new CommandException(
                    ExitCode.KERNEL, command.text() + ": " + result.error().strip(), List.of("this needs root"));
        }
    }
}

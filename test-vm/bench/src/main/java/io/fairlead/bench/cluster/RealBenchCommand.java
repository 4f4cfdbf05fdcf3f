package io.fairlead.bench.cluster;

import io.fairlead.cli.CommandException;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.Json;
import io.fairlead.cli.Main;
import io.fairlead.cli.Surroundings;
import io.fairlead.lab.LabException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code bench real}: measures the whole agent and the real kube-proxy. */
@Command(
        name = "real",
        mixinStandardHelpOptions = true,
        header = "Measure the agent beside kube-proxy, with a real API server, from a client's side.",
        description = {
            "",
            "Starts etcd and kube-apiserver in network namespaces and fills them with Services. Then runs Fairlead and"
                    + " kube-proxy on a node, one after the other. Measures the time from the start until all Services"
                    + " answer, the time from an API write to the wire, memory, and the transactions of a restart. Needs"
                    + " root, kube-apiserver and etcd. Without kube-proxy, only Fairlead is measured.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:all figures were measured", "2:the command line is wrong", "3:there is no API server"},
        footer = {"", "Examples:", "  fairlead bench real", "  fairlead bench real --full --json result.json"})
public final class RealBenchCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Option(
            names = "--kubernetes",
            paramLabel = "FOLDER",
            description = "Folder with kube-apiserver, etcd and optionally kube-proxy. Default: $FAIRLEAD_KUBERNETES.")
    @Nullable
    Path kubernetes;

    @Option(
            names = "--full",
            description = "Measure all sizes and tools, up to 40 minutes. Without it: up to 5 minutes.")
    boolean full;

    @Option(
            names = "--sizes",
            paramLabel = "N",
            split = ",",
            description = "Only these numbers of Services, if the run has them.")
    List<Integer> sizes = List.of();

    @Option(
            names = "--only",
            paramLabel = "RULES",
            split = ",",
            description = "Only these: NFTABLES, IPTABLES_NFT, IPTABLES_LEGACY, IPTABLES_LEGACY_COMPACT (Fairlead with"
                    + " --iptables-layout compact). Default: the first three.")
    List<Tools> only = Tools.usual();

    @Option(
            names = "--java",
            paramLabel = "OPTIONS",
            split = " ",
            description = "Options of the agent's JVM, added to those of this JVM. Default: those of the image.")
    @Nullable
    List<String> java;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures to this file.")
    @Nullable
    Path json;

    @Option(
            names = "--older",
            paramLabel = "FOLDER",
            description = "Also measure an older build: the folder of its checkout, in which ./fairlead was built.")
    @Nullable
    Path older;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "1",
            description = "How often each build is measured, with --older alternately. Default: 1.")
    int pairs = 1;

    public RealBenchCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Path folder = binaries();
        List<String> missing = RealBench.missing(folder);
        if (!missing.isEmpty()) {
            throw new CommandException(ExitCode.KERNEL, folder + " has no " + String.join(", no ", missing));
        }
        Form form = (full ? Form.full() : Form.quick()).with(only);
        form = sizes.isEmpty() ? form : form.ofSizes(sizes);
        try {
            Path work = Files.createTempDirectory("fairlead-bench-");
            BenchReport report =
                    new RealBench(surroundings.processes(), folder, builds(), form, this::report).run(work);
            surroundings.out().println();
            surroundings.out().print(report.table());
            if (json != null) {
                Files.writeString(json, Json.pretty(report.tree()) + "\n");
            }
            report("logs: " + work);
            return ExitCode.OK;
        } catch (BenchException | LabException e) {
            throw new CommandException(ExitCode.KERNEL, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path binaries() {
        String named = surroundings.environment().get("FAIRLEAD_KUBERNETES");
        if (kubernetes == null && named == null) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "no kube-apiserver to measure with",
                    List.of("make bench builds one; or name its folder with --kubernetes"));
        }
        return kubernetes == null ? Path.of(Optional.ofNullable(named).orElseThrow()) : kubernetes;
    }

    /** Returns the builds in the order in which they run. Every second pair is in reverse order. */
    private List<Contender> builds() {
        List<Contender> builds = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            List<Contender> pair =
                    new ArrayList<>(List.of(new Contender.Fairlead(Contender.Fairlead.THIS, ownProgram())));
            if (older != null) {
                pair.add(Contender.Fairlead.older(older));
            }
            builds.addAll(i % 2 == 0 ? pair : pair.reversed());
        }
        return builds;
    }

    /**
     * Returns this process's command line up to the main class, with the JVM options of the image or of --java, and
     * without plug-ins, so that the measured agent starts as it does for users.
     */
    private List<String> ownProgram() {
        ProcessHandle.Info self = ProcessHandle.current().info();
        List<String> words = new ArrayList<>(List.of(self.command().orElseThrow()));
        words.addAll(java == null ? RealBench.imageJvmOptions() : java);
        String[] arguments = self.arguments().orElseThrow();
        for (String argument : arguments) {
            if (argument.startsWith("-Dfairlead.plugins=")) {
                continue; // Fairlead as users run it has no plugins.
            }
            words.add(argument);
            if (argument.equals(Main.class.getName())) {
                return words;
            }
        }
        throw new CommandException(ExitCode.KERNEL, "cannot find this program's main class in its command line");
    }

    private void report(String line) {
        surroundings.err().println(line);
        surroundings.err().flush();
    }
}

package io.fairlead.bench.cluster;

import io.fairlead.cli.CommandException;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.Json;
import io.fairlead.cli.Main;
import io.fairlead.cli.Surroundings;
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

/** Measures the whole agent beside the real kube-proxy. */
@Command(
        name = "real",
        mixinStandardHelpOptions = true,
        header = "Measure the agent beside kube-proxy, with a real API server, from a client's side.",
        description = {
            "",
            "Starts etcd and kube-apiserver, fills them with Services, and lets first Fairlead and then kube-proxy keep the"
                    + " rules of a node, all in network namespaces: time from the start until all Services answer, from an API"
                    + " write to the wire, memory, and what a restart writes. Needs root, kube-apiserver and etcd;"
                    + " without kube-proxy, Fairlead is measured alone.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:measured", "2:the command line is wrong", "3:there is no API server to measure with"},
        footer = {"", "Examples:", "  fairlead bench real", "  fairlead bench real --full --json result.json"})
public final class RealBenchCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Option(
            names = "--kubernetes",
            paramLabel = "FOLDER",
            description = "Has kube-apiserver, etcd and perhaps kube-proxy. Default: what FAIRLEAD_KUBERNETES names.")
    @Nullable
    Path kubernetes;

    @Option(names = "--full", description = "All sizes and tools, up to 40 minutes. Default: up to 5 minutes.")
    boolean full;

    @Option(names = "--sizes", paramLabel = "N", split = ",", description = "Only these of the form's sizes.")
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
            description = "For the agent's JVM, beside those of this one. Default: those of the image.")
    @Nullable
    List<String> java;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there, too.")
    @Nullable
    Path json;

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
                    new RealBench(surroundings.processes(), folder, ownProgram(), form, this::tell).run(work);
            surroundings.out().println();
            surroundings.out().print(report.table());
            if (json != null) {
                Files.writeString(json, Json.pretty(report.tree()) + "\n");
            }
            tell("logs: " + work);
            return ExitCode.OK;
        } catch (BenchException e) {
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
                    List.of("make bench builds one; or give a folder that has it with --kubernetes"));
        }
        return kubernetes == null ? Path.of(Optional.ofNullable(named).orElseThrow()) : kubernetes;
    }

    /**
     * This process's own command line as far as the main class: so the agent measured is started as its users start it.
     */
    private List<String> ownProgram() {
        ProcessHandle.Info self = ProcessHandle.current().info();
        List<String> words = new ArrayList<>(List.of(self.command().orElseThrow()));
        words.addAll(java == null ? RealBench.imageJvmOptions() : java);
        String[] arguments = self.arguments().orElseThrow();
        for (String argument : arguments) {
            if (argument.startsWith("-Dfairlead.plugins=")) {
                continue; // The product has none.
            }
            words.add(argument);
            if (argument.equals(Main.class.getName())) {
                return words;
            }
        }
        throw new CommandException(ExitCode.KERNEL, "cannot tell how this program was started");
    }

    private void tell(String line) {
        surroundings.err().println(line);
        surroundings.err().flush();
    }
}

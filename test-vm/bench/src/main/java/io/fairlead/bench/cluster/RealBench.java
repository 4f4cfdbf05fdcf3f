package io.fairlead.bench.cluster;

import io.fairlead.bench.cluster.ObjectWriter.Write;
import io.fairlead.lab.LabException;
import io.fairlead.linux.process.ProcessRunner;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs all trials of a {@link Form}, one after the other. All trials use the same API server, to which Services are
 * added between trials.
 */
public final class RealBench {
    private final ProcessRunner runner;
    private final Path binaries;
    private final List<Contender> builds;
    private final Form form;
    private final Consumer<String> progress;

    /**
     * Creates a benchmark. {@link #run} starts it.
     *
     * @param binaries the folder with the programs kube-apiserver and etcd, and optionally kube-proxy
     * @param builds the builds of Fairlead, in the order in which they run
     * @param progress receives the lines that report progress
     */
    RealBench(ProcessRunner runner, Path binaries, List<Contender> builds, Form form, Consumer<String> progress) {
        this.runner = runner;
        this.binaries = binaries;
        this.builds = List.copyOf(builds);
        this.form = form;
        this.progress = progress;
    }

    /** Returns the names of the required programs that are missing; an empty list if no program is missing. */
    public static List<String> missing(Path binaries) {
        return List.of("kube-apiserver", "etcd").stream()
                .filter(name -> !Files.isExecutable(binaries.resolve(name)))
                .toList();
    }

    /**
     * Runs all trials. If a contender fails, its row contains the reason.
     *
     * @param folder an empty folder for data and logs, which is not deleted afterwards
     * @throws BenchException if the API server does not start
     */
    public BenchReport run(Path folder) {
        List<Contender> contenders = contenders();
        List<BenchReport.Row> rows = new ArrayList<>();
        try (Stage stage = new Stage(runner, binaries, folder)) {
            stage.plane().sendAll(List.of(new Write("POST", "/api/v1/nodes", """
                    {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-a"},
                     "spec": {"podCIDR": "10.2.0.0/24", "podCIDRs": ["10.2.0.0/24"]}}""")));
            stage.plane().sendAll(List.of(new Write("PATCH", "/api/v1/nodes/node-a/status", """
                    {"status": {"addresses": [{"type": "InternalIP", "address": "192.168.0.10"}]}}""")));
            int most = form.courses().stream()
                    .mapToInt(Form.Course::services)
                    .max()
                    .orElse(1);
            LargeCluster cluster = new LargeCluster(most, Form.ENDPOINTS);
            int there = 0;
            for (Form.Course course : form.courses()) {
                grow(stage, cluster, there, course.services());
                there = course.services();
                for (Tools tools : course.tools()) {
                    for (Contender contender : contenders) {
                        rows.add(measuredBefore(rows, course.services(), tools, contender)
                                .orElseGet(() -> row(stage, cluster, course.services(), tools, contender)));
                    }
                }
            }
        }
        return new BenchReport(rows, Stage.kernel());
    }

    /**
     * Returns the JVM options of the agent in the container image, which influence its memory use. The build of the
     * image reads the same file.
     */
    public static List<String> imageJvmOptions() {
        try (InputStream input = RealBench.class.getResourceAsStream("agent-jvm-options")) {
            String line = new String(Objects.requireNonNull(input).readAllBytes(), StandardCharsets.UTF_8);
            return List.of(line.strip().split(" ", -1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Contender> contenders() {
        List<Contender> all = new ArrayList<>(builds);
        Path kubeProxy = binaries.resolve("kube-proxy");
        if (Files.isExecutable(kubeProxy)) {
            all.add(new Contender.KubeProxy(kubeProxy));
        } else {
            progress.accept("no kube-proxy in " + binaries + "; only Fairlead is measured");
        }
        return all;
    }

    private void grow(Stage stage, LargeCluster cluster, int from, int to) {
        long begun = System.nanoTime();
        new Filling(stage.plane(), cluster).add(from, to);
        progress.accept(
                String.format(Locale.ROOT, "%,d Services exist after %.0f s", to, (System.nanoTime() - begun) / 1e9));
    }

    /**
     * Returns kube-proxy's figures from an earlier row with tools that make no difference for kube-proxy, so that it is
     * not measured again; empty if there is no such row.
     */
    private static Optional<BenchReport.Row> measuredBefore(
            List<BenchReport.Row> rows, int services, Tools tools, Contender contender) {
        return switch (contender) {
            case Contender.Fairlead _ -> Optional.empty();
            case Contender.KubeProxy kubeProxy ->
                rows.stream()
                        .filter(row -> row.services() == services
                                && row.tools().sameForKubeProxy(tools)
                                && row.contender().equals(kubeProxy.name()))
                        .findFirst()
                        .map(row -> new BenchReport.Row(services, tools, row.contender(), row.figures(), row.reason()));
        };
    }

    private BenchReport.Row row(Stage stage, LargeCluster cluster, int services, Tools tools, Contender contender) {
        BenchReport.Row row;
        if (!tools.program().isEmpty() && !Stage.isInstalled(tools.program())) {
            row = new BenchReport.Row(services, tools, contender.name(), null, tools.program() + " is not installed");
        } else {
            try {
                Figures figures = new Trial(stage, cluster, services, contender, tools, form).run();
                row = new BenchReport.Row(services, tools, contender.name(), figures, "");
            } catch (BenchException | LabException e) {
                row = new BenchReport.Row(services, tools, contender.name(), null, String.valueOf(e.getMessage()));
            }
        }
        progress.accept(row.line());
        return row;
    }
}

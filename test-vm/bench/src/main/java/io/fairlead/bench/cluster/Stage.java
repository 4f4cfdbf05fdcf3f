package io.fairlead.bench.cluster;

import io.fairlead.core.net.Ip;
import io.fairlead.lab.Lab;
import io.fairlead.lab.LabHost;
import io.fairlead.lab.RunningProgram;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

/** The node, the API server, the pods and the client of the benchmark, each in its own network namespace. */
final class Stage implements AutoCloseable {
    private static final String NODE = "192.168.0.10";
    private static final String PODS = "10.2.0.1";
    private static final String CONTROL_PLANE = "192.168.0.50";
    private static final Duration ANY_TIME = Duration.ofMinutes(5);
    private static final List<String> IPTABLES = List.of(
            "iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore");

    private final ProcessRunner runner;
    private final Path folder;
    private final Lab lab;
    private final ObjectWriter plane;
    private final Pods pods;
    private final NamespaceThreads client;
    private int started;

    /**
     * Creates the namespaces and starts the API server.
     *
     * @param binaries the folder with the programs etcd and kube-apiserver
     * @param folder the folder for data and logs
     */
    Stage(ProcessRunner runner, Path binaries, Path folder) {
        this.runner = runner;
        this.folder = folder;
        this.lab = Lab.open(runner, "fairlead-bench", List.of(Ip.parse(NODE)));
        try {
            LabHost control = lab.add("control", Lab.Side.OUTSIDE, List.of(Ip.parse(CONTROL_PLANE)));
            LabHost podHost = lab.add("pods", Lab.Side.POD, List.of(Ip.parse(PODS)));
            must(podHost, "ip", "route", "add", "local", LargeCluster.POD_RANGE, "dev", "lo");
            // All pods are behind one neighbour. With one neighbour per pod, the kernel's neighbour table (1,024
            // entries for all namespaces together) would be full, and the kernel would drop packets for seconds,
            // whichever proxy is measured.
            must(lab.node(), "ip", "route", "add", LargeCluster.POD_RANGE, "via", PODS);
            // A connection to a Service address for which there is no rule fails immediately.
            must(lab.node(), "ip", "route", "add", "unreachable", LargeCluster.SERVICE_RANGE);
            this.client = new NamespaceThreads(lab.add("client", Lab.Side.POD, List.of(Ip.parse("10.2.0.2"))), 2);
            this.pods = new Pods(podHost);
            this.plane = new ObjectWriter(control, CONTROL_PLANE, binaries, folder);
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    ObjectWriter plane() {
        return plane;
    }

    /** Runs a task on a thread of the client's namespace. */
    <T> T asClient(Callable<T> task) {
        return client.call(task);
    }

    /** Runs a task on a thread of the client's namespace without waiting for it. */
    <T> Future<T> inBackground(Callable<T> task) {
        return client.submit(task);
    }

    /** Removes all rules and all tracked connections from the node. */
    void clean() {
        must(lab.node(), "nft", "flush", "ruleset");
        for (String program : List.of("iptables-legacy-restore", "ip6tables-legacy-restore")) {
            if (isInstalled("xtables-legacy-multi")) {
                Command flush = Command.of(program)
                        .withInput("*mangle\nCOMMIT\n*nat\nCOMMIT\n*filter\nCOMMIT\n*raw\nCOMMIT\n")
                        .withTimeout(ANY_TIME);
                must(runner.inNamespace(lab.node().namespace()).run(flush), program);
            }
        }
        must(lab.node(), "conntrack", "-F");
    }

    /** Returns whether a program of iptables is installed. */
    static boolean isInstalled(String program) {
        return path(program) != null;
    }

    private static @org.jspecify.annotations.Nullable Path path(String program) {
        for (String place : List.of("/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/bin")) {
            Path path = Path.of(place, program);
            if (Files.isExecutable(path)) {
                return path;
            }
        }
        return null;
    }

    /** Starts a proxy on the node. */
    RunningProgram start(Contender contender, Tools tools) {
        started++;
        return RunningProgram.start(
                contender.name(),
                lab.node().namespace(),
                folder.resolve("%02d-%s-%s.log".formatted(started, contender.name(), tools)),
                environment(tools),
                contender.words(tools, plane.kubeconfig()));
    }

    /**
     * Returns a variable PATH with which a proxy finds the iptables programs of the wanted variant first. Creates the
     * folder with links to these programs. Returns an empty map for nftables, or if the variant is not installed.
     */
    private Map<String, String> environment(Tools tools) {
        Path program = path(tools.program());
        if (tools.program().isEmpty() || program == null) {
            return Map.of();
        }
        try {
            Path links = Files.createDirectories(folder.resolve(tools.program()));
            for (String name : IPTABLES) {
                Path link = links.resolve(name);
                if (!Files.isSymbolicLink(link)) {
                    Files.createSymbolicLink(link, program);
                }
            }
            return Map.of("PATH", links + ":" + System.getenv("PATH"));
        } catch (IOException e) {
            throw new BenchException("cannot link " + program, e);
        }
    }

    /** Returns whether the proxy's health page reports success. */
    boolean isHealthy() {
        return lab.node().inside(() -> {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:10256/healthz").toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(1000);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } catch (IOException e) {
                return false;
            } finally {
                connection.disconnect();
            }
        });
    }

    /** Starts counting transactions on the node. */
    Generations generations() {
        return new Generations(lab.node().namespace(), folder.resolve("monitor-%02d.log".formatted(started)));
    }

    private void must(LabHost host, String... words) {
        must(
                runner.inNamespace(host.namespace()).run(Command.of(words).withTimeout(ANY_TIME)),
                String.join(" ", words));
    }

    private static void must(ProcessResult result, String what) {
        if (!result.succeeded()) {
            throw new BenchException(what + ": " + result.error().strip());
        }
    }

    /** Returns the release of this machine's kernel. Figures depend on it. */
    static String kernel() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/osrelease"), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Returns the names of the log files in the folder, which help to find the cause of a failure. */
    List<String> logs() {
        try (var files = Files.list(folder)) {
            return new ArrayList<>(files.map(Path::toString)
                    .filter(name -> name.endsWith(".log"))
                    .sorted()
                    .toList());
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public void close() {
        try {
            client.close();
            pods.close();
            plane.close();
        } finally {
            lab.close();
        }
    }
}

package io.fairlead.dist;

import io.fairlead.cli.ExitCode;
import io.fairlead.cli.Main;
import io.fairlead.linux.process.ExecProcessRunner;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Runs the commands of a file one after the other in this JVM and discards their output. All commands run in one
 * process, because the JVM writes one ahead-of-time cache for each process, and two caches cannot be merged. A failed
 * command is reported but is not an error: the cache is then only smaller.
 */
@Command(
        name = "train",
        hidden = true,
        header = "Run typical commands, so that the JVM records its ahead-of-time cache.")
final class TrainingCommand implements Callable<Integer> {

    /** The first word of a line that runs the agent with a small cluster. The second word is the mode. */
    private static final String CLUSTER = "@cluster";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int HEALTH_PORT = 10256;
    private static final int METRICS_PORT = 10249;

    @Parameters(paramLabel = "FOLDER", description = "Folder with commands.txt; {dir} in a command means this folder.")
    private Path folder = Path.of("");

    @Override
    @SuppressWarnings("SystemOut") // The launcher reads failures from standard error.
    public Integer call() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("commands.txt"));
        PrintStream out = System.out;
        PrintStream err = System.err;
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] command = line.strip().replace("{dir}", folder.toString()).split("\\s+", -1);
            int exit = command[0].equals(CLUSTER) ? follow(folder, command[1]) : runSilently(command);
            if (exit != 0) {
                err.println("training: exit " + exit + " from: " + line);
            }
        }
        System.setOut(out);
        System.setErr(err);
        return ExitCode.OK;
    }

    /**
     * Runs the agent with a small cluster until it has applied the events of a watch. The agent writes rules only in a
     * network namespace whose only interface is loopback. Elsewhere it runs in dry-run mode.
     */
    private static int follow(Path folder, String mode) throws IOException {
        Path own = Files.createTempDirectory("fairlead-training");
        try (TrainingCluster cluster = new TrainingCluster(folder.resolve("api"), own, new ExecProcessRunner())) {
            List<String> words = new ArrayList<>(List.of(
                    "agent",
                    "--kubeconfig=" + cluster.kubeconfig(),
                    "--hostname-override=node-1",
                    "--proxy-mode=" + mode,
                    "--cluster-cidr=10.0.0.0/8",
                    "--conntrack-max-per-core=0",
                    "--healthz-bind-address=127.0.0.1:" + HEALTH_PORT,
                    "--metrics-bind-address=127.0.0.1:" + METRICS_PORT));
            if (!isApart()) {
                words.add("--dry-run");
            }
            AtomicInteger exit = new AtomicInteger(ExitCode.ENDED);
            Thread agent = Thread.ofPlatform().start(() -> exit.set(runSilently(words.toArray(String[]::new))));
            awaitPages(agent);
            agent.interrupt();
            agent.join(PATIENCE);
            return exit.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.ENDED;
        } finally {
            try (Stream<Path> files = Files.list(own)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(own);
        }
    }

    private static boolean isApart() throws IOException {
        return NetworkInterface.networkInterfaces()
                .allMatch(link -> link.getName().equals("lo"));
    }

    /**
     * Waits until {@code /healthz} answers, and 2 s longer for the events of the watch. Then reads {@code /metrics}
     * once.
     */
    private static void awaitPages(Thread agent) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        boolean ready = false;
        while (!ready && agent.isAlive() && System.nanoTime() < until) {
            agent.join(Duration.ofMillis(100));
            ready = isAnswered(HEALTH_PORT, "/healthz");
        }
        agent.join(Duration.ofSeconds(2));
        boolean _ = isAnswered(METRICS_PORT, "/metrics");
    }

    private static boolean isAnswered(int port, String page) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + page).toURL().openConnection();
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException _) {
            return false;
        }
    }

    private static int runSilently(String... command) {
        try (PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8)) {
            System.setOut(nowhere);
            System.setErr(nowhere);
            return Main.run(command);
        }
    }
}

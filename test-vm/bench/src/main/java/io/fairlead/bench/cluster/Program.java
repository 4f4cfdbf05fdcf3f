package io.fairlead.bench.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that runs in a network namespace. Its output goes to a file. */
final class Program implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final int TAIL = 1500;

    private final String name;
    private final Process process;
    private final Path log;
    private final Thread atExit;

    private Program(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.atExit = new Thread(process::destroyForcibly, "end-" + name);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Starts a program.
     *
     * @param log file to which output is appended
     * @param environment variables added to those of this process
     */
    static Program start(String name, String namespace, Path log, Map<String, String> environment, List<String> words) {
        // ip replaces itself by the program, so the process id is the program's.
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            return new Program(name, builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** The output of this program, and of earlier ones with the same log. */
    String log() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Checks that the program still runs.
     *
     * @throws BenchException with the end of its log if it does not
     */
    void check() {
        if (!process.isAlive()) {
            String all = log();
            throw new BenchException(name + " ended:\n" + all.substring(Math.max(0, all.length() - TAIL)));
        }
    }

    /**
     * Ends the program with SIGTERM, and with SIGKILL if it does not end. Its children are killed too: kube-proxy
     * 1.37.2 does not wait for its nft, which would write 10,000 Services into the rules of the next contender.
     */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            for (ProcessHandle child : children) {
                child.destroyForcibly();
                child.onExit().join();
            }
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // The JVM shuts down already, and the hook ends the program.
        }
    }
}

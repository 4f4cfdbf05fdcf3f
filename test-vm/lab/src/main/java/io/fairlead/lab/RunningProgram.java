package io.fairlead.lab;

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

/**
 * A program that runs in a network namespace and writes its output to a file. When this JVM ends, the program is ended
 * too.
 */
public final class RunningProgram implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final int TAIL = 4000;

    private final String name;
    private final Process process;
    private final Path log;
    private final Thread atExit;

    private RunningProgram(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.atExit = new Thread(process::destroyForcibly, "end-" + name);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Starts a program.
     *
     * @param name the name of the program in messages
     * @param namespace the name of the network namespace, as in {@code ip netns}
     * @param log the file to which output is appended
     * @param environment environment variables in addition to those of this process
     * @param words the program and its arguments
     */
    public static RunningProgram start(
            String name, String namespace, Path log, Map<String, String> environment, List<String> words) {
        // The program ip replaces itself by the started program, so the process id is that of the started program.
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            return new RunningProgram(name, builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the process. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Returns whether the program still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Returns the content of the log file: the output of this program, and of earlier programs with the same file. */
    public String log() {
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Checks that the program still runs.
     *
     * @throws LabException if the program ended; the message contains the end of its log
     */
    public void check() {
        if (!process.isAlive()) {
            throw new LabException(name + " ended:\n" + tail());
        }
    }

    /** Returns the end of the log file, at most 4,000 characters. */
    public String tail() {
        String all = log();
        return all.substring(Math.max(0, all.length() - TAIL));
    }

    /**
     * Sends SIGTERM and waits until the program ends.
     *
     * @return the exit status
     * @throws LabException if the program does not end within 30 s
     */
    public int stop() {
        process.destroy();
        return await(STOP);
    }

    /**
     * Waits until the program ends by itself.
     *
     * @return the exit status
     * @throws LabException if the program does not end within this time
     */
    public int await(Duration most) {
        try {
            if (!process.waitFor(most.toSeconds(), TimeUnit.SECONDS)) {
                throw new LabException(name + " does not end within " + most.toSeconds() + " s:\n" + tail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while " + name + " ends", e);
        }
        return process.exitValue();
    }

    /** Sends SIGKILL and waits until the program ends. */
    public void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while " + name + " ends", e);
        }
    }

    /**
     * Ends the program with SIGTERM; if it does not end within 30 s, with SIGKILL. Its child processes are killed too,
     * because kube-proxy 1.37.2 does not wait for the nft process that it started, which could still write rules.
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
            // The JVM is already shutting down, and the shutdown hook ends the program.
        }
    }
}

package io.fairlead.vm;

import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A program that runs in a network namespace. Its output goes to a file. */
final class NodeProcess implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(15);

    private final Process process;
    private final Path log;

    private NodeProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts a program. */
    static NodeProcess start(String namespace, Path log, List<String> words) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(words);
        try {
            return new NodeProcess(
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start(),
                    log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts Fairlead in a JVM of its own, as users do. */
    static NodeProcess fairlead(String namespace, Path log, List<String> words) {
        return fairlead(namespace, log, List.of(), words);
    }

    /** Starts Fairlead with environment variables, each as "NAME=value". */
    static NodeProcess fairlead(String namespace, Path log, List<String> environment, List<String> words) {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(environment);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                "io.fairlead.cli.Main"));
        command.addAll(words);
        return start(namespace, log, command);
    }

    /** The output so far, with that of earlier programs with the same log. */
    String log() {
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number of matches of a pattern in the log. */
    long count(String pattern) {
        return Pattern.compile(pattern).matcher(log()).results().count();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Sends SIGTERM and returns the exit status. */
    int stop() {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("does not end on SIGTERM:\n" + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    /** Sends SIGSTOP: the program neither reads nor writes until {@link #goOn}. */
    void pause() {
        signal("STOP");
    }

    /** Sends SIGCONT. */
    void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        ProcessResult result =
                new ExecProcessRunner().run(Command.of("kill", "-" + name, Long.toString(process.pid())));
        if (!result.succeeded()) {
            throw new AssertionError(result.toString());
        }
    }

    /** Sends SIGKILL. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}

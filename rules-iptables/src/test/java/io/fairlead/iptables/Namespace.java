package io.fairlead.iptables;

import io.fairlead.core.fixture.KernelAccess;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** A separate network namespace for a test, with its own rules; programs run inside it. */
final class Namespace implements ProcessRunner, AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private final String name = "iptables-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();

    private Namespace() {}

    /** Skips the test, with the reason, if no namespace can be created or the program is missing. */
    static Namespace with(String program) {
        KernelAccess.require();
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin", program)) || Files.isExecutable(Path.of("/sbin", program)),
                program + " is not installed");
        Namespace namespace = new Namespace();
        try {
            ProcessResult made = outside(Command.of("ip", "netns", "add", namespace.name));
            Assumptions.assumeTrue(
                    made.succeeded(),
                    "cannot make a network namespace: " + made.error().strip());
        } catch (ProgramMissingException e) {
            Assumptions.abort("cannot make a network namespace: " + e.getMessage());
        }
        return namespace;
    }

    @Override
    public ProcessResult run(Command command) {
        return outside(command.inNamespace(name));
    }

    @Override
    public void close() {
        ProcessResult gone = outside(Command.of("ip", "netns", "delete", name));
        if (!gone.succeeded()) {
            throw new AssertionError("namespace left behind: " + gone.error());
        }
    }

    private static ProcessResult outside(Command command) {
        try {
            Path input = Files.createTempFile("input", "");
            Path output = Files.createTempFile("output", "");
            Path error = Files.createTempFile("error", "");
            try {
                Files.writeString(input, command.inputText());
                Process process = new ProcessBuilder(command.words())
                        .redirectInput(input.toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(error.toFile())
                        .start();
                boolean ended = process.waitFor(command.timeout().toMillis(), TimeUnit.MILLISECONDS);
                if (!ended) {
                    process.destroyForcibly();
                }
                return new ProcessResult(
                        ended ? process.exitValue() : ProcessResult.TIMED_OUT,
                        Files.readString(output, StandardCharsets.UTF_8),
                        Files.readString(error, StandardCharsets.UTF_8));
            } finally {
                Files.delete(input);
                Files.delete(output);
                Files.delete(error);
            }
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Cannot run program")) {
                throw new ProgramMissingException(command.words().getFirst(), e);
            }
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}

package io.fairlead.iptables;

import io.fairlead.core.fixture.KernelAccess;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** A network namespace for one test, with its own rules. Programs that the test starts run in the namespace. */
final class Namespace implements ProcessRunner, AutoCloseable {
    private static final ProcessRunner OUTSIDE = new ExecProcessRunner();
    private static final AtomicInteger COUNT = new AtomicInteger();
    private final String name = "iptables-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();

    private Namespace() {}

    /**
     * Creates a namespace. If this is impossible, or if the program is not installed, skips the test and reports the
     * reason.
     */
    static Namespace with(String program) {
        KernelAccess.require();
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin", program)) || Files.isExecutable(Path.of("/sbin", program)),
                program + " is not installed");
        Namespace namespace = new Namespace();
        try {
            ProcessResult made = OUTSIDE.run(Command.of("ip", "netns", "add", namespace.name));
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
        return OUTSIDE.run(command.inNamespace(name));
    }

    @Override
    public void close() {
        ProcessResult gone = OUTSIDE.run(Command.of("ip", "netns", "delete", name));
        if (!gone.succeeded()) {
            throw new AssertionError("namespace left behind: " + gone.error());
        }
    }
}

package io.fairlead.linux;

import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Runs each program in a new, empty network namespace, which the kernel removes when the program ends. So a program can
 * try what the kernel accepts without changing anything on the node. Needs CAP_SYS_ADMIN.
 */
public final class EmptyNamespaceRunner implements ProcessRunner {
    private final Supplier<Libc> libc;
    private final ProcessRunner runner;

    /** Creates a runner that starts programs with {@code runner}. */
    public EmptyNamespaceRunner(Supplier<Libc> libc, ProcessRunner runner) {
        this.libc = libc;
        this.runner = runner;
    }

    /**
     * Runs a program in a new network namespace.
     *
     * @throws IllegalStateException if the kernel refuses a new namespace, or if this thread is interrupted
     * @throws io.fairlead.linux.process.ProgramMissingException if the program or the C library is missing
     */
    @Override
    public ProcessResult run(Command command) {
        // A new thread is used, because a program starts in the namespace of the thread that starts it. The kernel
        // removes the namespace when the thread and the program have ended.
        FutureTask<ProcessResult> running = new FutureTask<>(() -> {
            Libc library = libc.get();
            if (library.unshare(Libc.NETWORK) != 0) {
                throw new IllegalStateException(
                        "cannot create a network namespace: " + library.errorText(library.errno()));
            }
            return runner.run(command);
        });
        Thread.ofPlatform().name("empty-namespace").start(running);
        try {
            return running.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while " + command.words().getFirst() + " ran", e);
        }
    }
}

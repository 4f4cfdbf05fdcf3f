package io.fairlead.linux.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteException;
import org.apache.commons.exec.ExecuteWatchdog;
import org.apache.commons.exec.PumpStreamHandler;

/**
 * Starts programs through Apache Commons Exec, without a shell and with a time limit. Separate threads write the input
 * and read the output, so that the program and this process never wait for each other. The class is stateless and
 * thread-safe.
 */
public final class ExecProcessRunner implements ProcessRunner {
    /**
     * How long the threads for input and output may run after the program has ended. Without this limit, they would
     * wait as long as a child process of the program keeps the pipe open.
     */
    private static final Duration PUMP_PATIENCE = Duration.ofSeconds(2);

    @Override
    public ProcessResult run(Command command) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        PumpStreamHandler streams = new PumpStreamHandler(output, error, new TextInput(command.input()));
        streams.setStopTimeout(PUMP_PATIENCE);
        ExecuteWatchdog watchdog =
                ExecuteWatchdog.builder().setTimeout(command.timeout()).get();
        DefaultExecutor executor =
                DefaultExecutor.builder().setExecuteStreamHandler(streams).get();
        executor.setWatchdog(watchdog);
        executor.setExitValues(null);
        int exitCode = execute(executor, command);
        return new ProcessResult(
                watchdog.killedProcess() ? ProcessResult.TIMED_OUT : exitCode,
                output.toString(StandardCharsets.UTF_8),
                error.toString(StandardCharsets.UTF_8));
    }

    private static int execute(DefaultExecutor executor, Command command) {
        List<String> words = command.words();
        try {
            return executor.execute(new ExactWords(words));
        } catch (ExecuteException e) {
            return e.getExitValue();
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).startsWith("Cannot run program")) {
                throw new ProgramMissingException(words.getFirst(), e);
            }
            throw new UncheckedIOException("while running " + words.getFirst(), e);
        }
    }

    /**
     * A command line with exactly these words. Commons Exec 1.6.0 removes spaces at both ends of an argument, even of
     * an argument that is added without handling of quotes. The arguments of a login program in a kubeconfig may have
     * such spaces.
     */
    private static final class ExactWords extends CommandLine {
        private final List<String> words;

        ExactWords(List<String> words) {
            super(words.getFirst());
            this.words = words;
        }

        @Override
        public String[] toStrings() {
            return words.toArray(String[]::new);
        }
    }
}

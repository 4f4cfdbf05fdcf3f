package io.fairlead.lab;

import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs programs with the JDK's own classes. Input and output are files, so that no pipe can fill up and block the
 * program.
 */
final class JdkProcessRunner implements ProcessRunner {
    @Override
    public ProcessResult run(Command command) {
        try {
            Path in = Files.createTempFile("in", null);
            Path out = Files.createTempFile("out", null);
            Path err = Files.createTempFile("err", null);
            try {
                Files.writeString(in, command.inputText());
                Process process = new ProcessBuilder(command.words())
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
                int code = process.waitFor();
                return new ProcessResult(code, Files.readString(out), Files.readString(err));
            } finally {
                Files.delete(in);
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new ProgramMissingException(command.words().getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

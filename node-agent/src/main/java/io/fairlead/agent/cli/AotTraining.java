package io.fairlead.agent.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs the commands of a file one after the other in this JVM, output thrown away, so that one ahead-of-time cache
 * covers them all: the JVM writes a cache per process and cannot join two. A command that fails is reported and does
 * not matter: the cache is then only smaller.
 */
final class AotTraining {

    private AotTraining() {}

    /** Takes the folder with {@code commands.txt}; {@code {dir}} in a command stands for that folder. */
    @SuppressWarnings("SystemOut") // The launcher reads what failed from standard error.
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        List<String> lines = Files.readAllLines(folder.resolve("commands.txt"));
        PrintStream out = System.out;
        PrintStream err = System.err;
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] command = line.strip().replace("{dir}", folder.toString()).split("\\s+", -1);
            int exit = runSilently(command);
            if (exit != 0) {
                err.println("training: exit " + exit + " from: " + line);
            }
        }
        System.setOut(out);
        System.setErr(err);
        // As the program ends too: leaving is also code the cache can hold.
        System.exit(0);
    }

    private static int runSilently(String... command) {
        try (PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8)) {
            System.setOut(nowhere);
            System.setErr(nowhere);
            return Main.run(command);
        }
    }
}

package io.fairlead.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The command {@code version}, which prints Fairlead's version. */
@Command(name = "version", mixinStandardHelpOptions = true, header = "Print Fairlead's version.")
final class VersionCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    VersionCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        surroundings
                .out()
                .println(Main.version() + ", Java " + Runtime.version().feature());
        return ExitCode.OK;
    }
}

package io.fairlead.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code completion}, which prints a completion script for a shell. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        header = "Print a script that completes fairlead's commands and options in a shell.",
        footer = {
            "",
            "Examples:",
            "  source <(fairlead completion bash)",
            "  fairlead completion bash > /etc/bash_completion.d/fairlead",
            "  source <(fairlead completion zsh)"
        })
final class CompletionCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    Shell shell = Shell.bash;

    @Spec
    @Nullable
    CommandSpec spec;

    enum Shell {
        bash,
        zsh
    }

    CompletionCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Prints the same script for both shells. In zsh, the script turns on the compatibility with bash's completion. */
    @Override
    public Integer call() {
        CommandSpec root = Objects.requireNonNull(spec).root();
        surroundings.out().print(AutoComplete.bash("fairlead", root.commandLine()));
        return ExitCode.OK;
    }
}

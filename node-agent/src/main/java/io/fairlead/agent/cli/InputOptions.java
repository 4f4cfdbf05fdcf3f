package io.fairlead.agent.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where objects come from. */
final class InputOptions {
    @Option(
            names = {"-f", "--filename"},
            paramLabel = "PATH",
            description =
                    "File or folder with Kubernetes objects (YAML or JSON), or - for standard input. May be repeated."
                            + " Of a folder: *.yaml, *.yml, *.json.")
    List<String> paths = new ArrayList<>();

    @Option(
            names = {"-R", "--recursive"},
            description = "Read folders inside folders too.")
    boolean recursive;

    @Option(
            names = "--strict",
            description = "Stop with exit status 2 if any object is broken, instead of setting it aside.")
    boolean strict;
}

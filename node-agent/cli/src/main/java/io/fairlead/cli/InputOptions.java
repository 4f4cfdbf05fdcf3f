package io.fairlead.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The source of the objects: files, standard input, or an API server. */
final class InputOptions {
    @Option(
            names = {"-f", "--filename"},
            paramLabel = "PATH",
            description =
                    "A file or folder with Kubernetes objects (YAML or JSON), or - for standard input. May be repeated."
                            + " Of a folder, the files *.yaml, *.yml and *.json are read.")
    List<String> paths = new ArrayList<>();

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description =
                    "Without -f: read the objects from the API server of this file. Default: the file of --config, else"
                            + " the environment variable KUBECONFIG, else the pod's account.")
    @Nullable
    String kubeconfig;

    @Option(
            names = "--master",
            paramLabel = "URL",
            defaultValue = "",
            description = "The address of the API server; replaces the address of the kubeconfig.")
    String master = "";

    @Option(
            names = {"-R", "--recursive"},
            description = "Also read folders inside folders.")
    boolean recursive;

    @Option(
            names = "--strict",
            description = "Exit with status 2 if any object is broken, instead of setting it aside.")
    boolean strict;
}

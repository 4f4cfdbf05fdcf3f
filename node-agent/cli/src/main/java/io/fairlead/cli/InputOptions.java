package io.fairlead.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where objects come from: files, standard input, or an API server. */
final class InputOptions {
    @Option(
            names = {"-f", "--filename"},
            paramLabel = "PATH",
            description =
                    "File or folder with Kubernetes objects (YAML or JSON), or - for standard input. May be repeated."
                            + " Of a folder: *.yaml, *.yml, *.json.")
    List<String> paths = new ArrayList<>();

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description =
                    "Without -f: read the objects from the API server of this file. Default: what --config says, else"
                            + " KUBECONFIG of the environment, else the pod's account.")
    @Nullable
    String kubeconfig;

    @Option(
            names = "--master",
            paramLabel = "URL",
            defaultValue = "",
            description = "Address of the API server; wins over the kubeconfig's.")
    String master = "";

    @Option(
            names = {"-R", "--recursive"},
            description = "Read folders inside folders too.")
    boolean recursive;

    @Option(
            names = "--strict",
            description = "Stop with exit status 2 if any object is broken, instead of setting it aside.")
    boolean strict;
}

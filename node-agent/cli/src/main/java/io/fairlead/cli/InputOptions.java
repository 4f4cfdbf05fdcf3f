package io.fairlead.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for the source of the objects: files, standard input, or an API server. */
final class InputOptions {
    static final String FILES =
            "A file or folder with Kubernetes objects (YAML or JSON), or - for standard input. May be repeated. In a"
                    + " folder, only files with the extension yaml, yml or json are read. Services,"
                    + " EndpointSlices (or Endpoints), Nodes and ServiceCIDRs are used, and Pods for their names; other"
                    + " kinds are ignored.";

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "PATH",
            description = FILES + " Default: the objects in a bundle of --rules, else those of an API server (see"
                    + " --kubeconfig).")
    List<String> paths = new ArrayList<>();

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Read the objects from the API server that this kubeconfig names; not with -f. Default: the"
                    + " kubeconfig that the file of --config names, else the files in the environment variable"
                    + " KUBECONFIG, else the pod's service account. ~/.kube/config is not read.")
    @Nullable
    String kubeconfig;

    @Option(
            names = "--master",
            paramLabel = "URL",
            defaultValue = "",
            description = "The address of the API server; overrides the address in the kubeconfig.")
    String master = "";

    @Option(
            names = {"-R", "--recursive"},
            description = "Also read folders inside folders.")
    boolean recursive;

    @Option(
            names = "--strict",
            description = "Exit with status 2 if any object is invalid, instead of leaving this object out.")
    boolean strict;

    /** Returns whether an option names the source of the objects. */
    boolean nameASource() {
        return !paths.isEmpty() || kubeconfig != null || !master.isEmpty();
    }
}

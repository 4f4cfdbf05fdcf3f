package io.fairlead.cli;

import io.fairlead.agent.ClusterSnapshot;
import io.fairlead.cluster.access.KubeconfigFiles;
import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.cluster.objects.ClusterReader;
import io.fairlead.cluster.watch.ApiServerException;
import io.fairlead.cluster.watch.WatchOptions;
import io.fairlead.inspect.bundle.Bundle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the objects of a cluster: from files, from an API server, or from a bundle. */
final class ObjectSource {
    private static final Duration API_SERVER_PATIENCE = Duration.ofSeconds(20);

    private final Surroundings surroundings;
    private final String configured;
    private final Supplier<String> nodeName;

    /**
     * Creates a source of objects. Nothing is read yet.
     *
     * @param configured the kubeconfig file of the configuration; "" if it names none
     */
    ObjectSource(Surroundings surroundings, String configured, Supplier<String> nodeName) {
        this.surroundings = surroundings;
        this.configured = configured;
        this.nodeName = nodeName;
    }

    /** Reads objects. Their problems go to standard error. */
    ClusterInput read(InputOptions options) {
        Optional<KubeconfigFiles> server = apiServer(options);
        if (!options.paths.isEmpty() && (options.kubeconfig != null || !options.master.isEmpty())) {
            throw new CommandException(ExitCode.USAGE, "-f cannot be combined with --kubeconfig or --master");
        }
        if (options.paths.isEmpty() && server.isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "no source of objects is given",
                    List.of(
                            "give a file, a folder or - with -f:  kubectl get svc,endpointslices,nodes -A -o yaml |"
                                    + " fairlead render -f -",
                            "or an API server with --kubeconfig FILE"));
        }
        return options.paths.isEmpty() ? listed(server.orElseThrow(), options) : files(options.paths, options);
    }

    /** Reads the objects in a bundle of fairlead dump, unless an option names other objects. */
    ClusterInput read(InputOptions options, Bundle bundle) {
        Optional<String> inside = bundle.file(Bundle.OBJECTS);
        return options.nameASource() || inside.isEmpty()
                ? read(options)
                : read(
                        List.of(ClusterReader.STANDARD_INPUT),
                        options,
                        new ByteArrayInputStream(inside.get().getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the kubeconfig files of the API server that has the objects; empty if no setting names one. */
    private Optional<KubeconfigFiles> apiServer(InputOptions options) {
        String path = options.kubeconfig != null ? options.kubeconfig : configured;
        KubeconfigFiles files = path.isEmpty()
                ? KubeconfigFiles.list(surroundings.environment().getOrDefault("KUBECONFIG", ""))
                : KubeconfigFiles.of(path);
        boolean inPod = surroundings.environment().containsKey("KUBERNETES_SERVICE_HOST");
        return files.paths().isEmpty() && options.master.isEmpty() && !inPod ? Optional.empty() : Optional.of(files);
    }

    private ClusterInput listed(KubeconfigFiles kubeconfig, InputOptions options) {
        try {
            ClusterInput input = ClusterSnapshot.read(
                    kubeconfig,
                    options.master,
                    WatchOptions.of(nodeName.get()),
                    API_SERVER_PATIENCE,
                    surroundings.time());
            return reported(input, options);
        } catch (ApiServerException e) {
            throw new CommandException(ExitCode.USAGE, "cannot read objects: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitCode.USAGE, "interrupted while reading objects");
        }
    }

    ClusterInput files(List<String> paths, InputOptions options) {
        return read(paths, options, surroundings.in());
    }

    private ClusterInput read(List<String> paths, InputOptions options, InputStream standardInput) {
        ClusterInput input;
        try {
            input = new ClusterReader(options.recursive, false, standardInput)
                    .withPods()
                    .read(paths);
        } catch (IOException e) {
            throw new CommandException(ExitCode.USAGE, "cannot read objects: " + Wiring.reason(e));
        }
        return reported(input, options);
    }

    private ClusterInput reported(ClusterInput input, InputOptions options) {
        ProblemPrinter.print(surroundings.err(), input);
        if (options.strict && input.hasErrors()) {
            throw new CommandException(ExitCode.USAGE, "the input has errors and --strict was given; nothing was done");
        }
        return input;
    }
}

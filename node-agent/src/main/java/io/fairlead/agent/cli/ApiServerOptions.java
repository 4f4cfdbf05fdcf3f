package io.fairlead.agent.cli;

import io.fairlead.agent.config.KubeProxyConfig;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which API server is followed. */
final class ApiServerOptions {
    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description =
                    "Address and credentials of the API server. Default: what --config says, else the pod's account.")
    @Nullable
    String kubeconfig;

    @Option(
            names = "--master",
            paramLabel = "URL",
            defaultValue = "",
            description = "Address of the API server; wins over the kubeconfig's.")
    String master = "";

    @Option(
            names = "--legacy-endpoints",
            description = "Read Endpoints instead of EndpointSlices, for clusters older than 1.21.")
    boolean legacyEndpoints;

    /** The configuration with the kubeconfig of the flag; one from a file wins, as with kube-proxy (CFG-12). */
    KubeProxyConfig over(KubeProxyConfig config, boolean fromFile, Consumer<String> log) {
        if (kubeconfig == null) {
            return config;
        }
        if (fromFile) {
            log.accept("warning: --kubeconfig is ignored because --config is given");
            return config;
        }
        return config.with(config.clientConnection().withKubeconfig(kubeconfig));
    }
}

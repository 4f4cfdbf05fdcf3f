package io.fairlead.agent;

import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.plan.ServedRanges;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an agent.
 *
 * @param mode the mode that the agent uses; a flag may have replaced the mode of the configuration
 * @param served the external IPs and load balancer IPs that may be served
 * @param source the source of the Kubernetes objects
 * @param namespace the name of the network namespace in which the agent writes rules; null for the network namespace of
 *     the process
 * @param recheckEvery the interval at which the kernel is read again; zero for never
 * @param dryRun whether the agent only compares the kernel with the plan and writes nothing
 */
public record AgentSettings(
        KubeProxyConfig config,
        ProxyMode mode,
        ServedRanges served,
        String nodeName,
        Source source,
        @Nullable String namespace,
        Duration recheckEvery,
        boolean dryRun) {

    /** The source of the Kubernetes objects. */
    public sealed interface Source {
        /**
         * An API server.
         *
         * @param master an address that replaces the address of the kubeconfig; "" for none
         * @param endpoints whether legacy Endpoints are read instead of EndpointSlices
         * @param nodePatience the longest time for which the agent waits for the Node object (PROTO-9)
         */
        record ApiServer(String master, boolean endpoints, Duration nodePatience) implements Source {
            /** The time for which kube-proxy waits for the Node object. */
            public static final Duration NODE_PATIENCE = Duration.ofMinutes(5);
        }

        /**
         * Files and folders.
         *
         * @param recursive whether subfolders are read too
         * @param pollEvery the interval at which the files are read if the file system reports no change
         */
        record Files(List<Path> paths, boolean recursive, Duration pollEvery) implements Source {
            /** Copies the list. */
            public Files {
                paths = List.copyOf(paths);
            }
        }
    }

    /** Returns the configuration's settings for the mode that the agent uses. */
    KubeProxyConfig.Rules rules() {
        return config.rules(mode);
    }
}

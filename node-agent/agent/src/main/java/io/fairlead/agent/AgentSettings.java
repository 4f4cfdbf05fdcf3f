package io.fairlead.agent;

import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.plan.ProxyMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is to do.
 *
 * @param mode in use, which a flag may have changed
 * @param source where the objects come from
 * @param namespace network namespace whose kernel is kept in step; null for the process's own
 * @param recheckEvery how often the kernel is read again; zero for never
 * @param dryRun whether the kernel is only compared, and nothing is written anywhere
 */
public record AgentSettings(
        KubeProxyConfig config,
        ProxyMode mode,
        String nodeName,
        Source source,
        @Nullable String namespace,
        Duration recheckEvery,
        boolean dryRun) {

    /** Where the objects come from. */
    public sealed interface Source {
        /**
         * An API server.
         *
         * @param master its address, which wins over the kubeconfig's; "" for none
         * @param endpoints whether legacy Endpoints are read instead of EndpointSlices
         * @param nodePatience how long the Node object is waited for (PROTO-9)
         */
        record ApiServer(String master, boolean endpoints, Duration nodePatience) implements Source {
            /** As long as kube-proxy waits. */
            public static final Duration NODE_PATIENCE = Duration.ofMinutes(5);
        }

        /**
         * Files and folders.
         *
         * @param recursive whether folders inside folders are read too
         * @param pollEvery how often they are read although the file system reports no change
         */
        record Files(List<Path> paths, boolean recursive, Duration pollEvery) implements Source {
            /** Copies the list. */
            public Files {
                paths = List.copyOf(paths);
            }
        }
    }

    /** The periods of the mode in use. */
    KubeProxyConfig.Rules rules() {
        return config.rules(mode);
    }
}

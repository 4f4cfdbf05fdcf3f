package io.fairlead.agent;

import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.plan.ProxyMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an agent.
 *
 * @param mode the mode in use, which a flag may have changed
 * @param source the source of the objects
 * @param namespace the network namespace whose kernel the agent configures; null for that of the process
 * @param recheckEvery how often the kernel is read again; zero for never
 * @param dryRun whether the agent only compares the kernel with the plan and writes nothing
 */
public record AgentSettings(
        KubeProxyConfig config,
        ProxyMode mode,
        String nodeName,
        Source source,
        @Nullable String namespace,
        Duration recheckEvery,
        boolean dryRun) {

    /** The source of the objects. */
    public sealed interface Source {
        /**
         * An API server.
         *
         * @param master its address, which replaces the address of the kubeconfig; "" for none
         * @param endpoints whether legacy Endpoints are read instead of EndpointSlices
         * @param nodePatience how long the agent waits for the Node object (PROTO-9)
         */
        record ApiServer(String master, boolean endpoints, Duration nodePatience) implements Source {
            /** The time that kube-proxy waits. */
            public static final Duration NODE_PATIENCE = Duration.ofMinutes(5);
        }

        /**
         * Files and folders.
         *
         * @param recursive whether folders inside folders are read too
         * @param pollEvery how often they are read without a notification of the file system
         */
        record Files(List<Path> paths, boolean recursive, Duration pollEvery) implements Source {
            /** Copies the list. */
            public Files {
                paths = List.copyOf(paths);
            }
        }
    }

    /** Returns the periods of the mode in use. */
    KubeProxyConfig.Rules rules() {
        return config.rules(mode);
    }
}

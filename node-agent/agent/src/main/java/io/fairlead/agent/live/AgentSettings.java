package io.fairlead.agent.live;

import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.plan.ProxyMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is to do.
 *
 * @param mode in use, which a flag may have changed
 * @param master address of the API server that goes before the kubeconfig's; "" for none
 * @param endpoints whether legacy Endpoints are read instead of EndpointSlices
 * @param namespace network namespace whose kernel is kept in step; null for the process's own
 * @param recheckEvery how often the kernel is read again; zero for never
 * @param dryRun whether the kernel is only looked at, and nothing is written anywhere
 * @param nodePatience how long the Node object is waited for (PROTO-9)
 */
public record AgentSettings(
        KubeProxyConfig config,
        ProxyMode mode,
        String nodeName,
        String master,
        boolean endpoints,
        @Nullable String namespace,
        Duration recheckEvery,
        boolean dryRun,
        Duration nodePatience) {
    /** As long as kube-proxy waits. */
    public static final Duration NODE_PATIENCE = Duration.ofMinutes(5);
}

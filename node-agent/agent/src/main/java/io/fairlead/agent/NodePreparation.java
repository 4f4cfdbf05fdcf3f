package io.fairlead.agent;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.agent.sysctl.NodeSetup;
import io.fairlead.agent.sysctl.SetupException;
import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.plan.NodeSettings.NodePortSelection;
import io.fairlead.core.plan.ProxyMode;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Sets up the node before the first rule is written. If a sysctl of connection tracking cannot be written, the failure
 * is only logged, because connections work without it. In a container without privileges, such a failure is normal: an
 * init container has set the sysctl. The sysctl for node ports on 127.0.0.1 is different. Without it these node ports
 * do not work, so a failure to set it ends the agent (NP-14).
 *
 * @param setup writes the settings of the node
 */
public record NodePreparation(KubeProxyConfig config, ProxyMode mode, NodeSetup setup) {
    private static final Logger LOG = AgentLog.LOG;

    /**
     * Writes all settings that need privileges (CLN-8).
     *
     * @return whether all settings have the expected values
     * @throws AgentEndedException if node ports on 127.0.0.1 are configured and their sysctl cannot be set
     */
    public boolean prepare() {
        boolean well = attempt(() -> setup.oomScoreAdj(config.oomScoreAdj()));
        well &= attempt(
                () -> setup.conntrack(config.conntrack(), Runtime.getRuntime().availableProcessors()));
        if (needsRouteLocalnet()) {
            try {
                setup.routeLocalnet().forEach(line -> LOG.info("changed kernel setting {}", line));
            } catch (SetupException e) {
                throw new AgentEndedException(String.valueOf(e.getMessage()));
            }
        }
        return well;
    }

    /**
     * Returns whether the sysctl route_localnet is needed. It is not needed if the node port addresses contain no
     * loopback address (NP-13, NP-14).
     */
    private boolean needsRouteLocalnet() {
        return mode == ProxyMode.IPTABLES
                && config.localhostNodePorts()
                && (config.nodePortAddresses().equals(NodePortSelection.everywhere())
                        || config.nodePortAddresses().ranges().stream().anyMatch(Cidr::meetsLoopback));
    }

    private boolean attempt(Supplier<List<String>> step) {
        try {
            step.get().forEach(line -> LOG.info("changed kernel setting {}", line));
            return true;
        } catch (SetupException e) {
            e.failures().forEach(LOG::warn);
            return false;
        }
    }
}

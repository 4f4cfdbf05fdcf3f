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
 * Sets up the node before the first rule. Connection tracking that cannot be set is said and passed over: connections
 * work without it, and a container without privileges finds it set by its init container. Node ports on 127.0.0.1 do
 * not work without their sysctl, so that one is needed (NP-14).
 *
 * @param setup the node
 */
public record NodePreparation(KubeProxyConfig config, ProxyMode mode, NodeSetup setup) {
    private static final Logger LOG = AgentLog.LOG;

    /**
     * Everything that needs privilege (CLN-8).
     *
     * @return whether all of it is as it should be
     * @throws AgentEndedException if node ports on 127.0.0.1 are wanted and cannot be had
     */
    public boolean prepare() {
        boolean well = attempt(() -> setup.oomScoreAdj(config.oomScoreAdj()));
        well &= attempt(
                () -> setup.conntrack(config.conntrack(), Runtime.getRuntime().availableProcessors()));
        if (needsRouteLocalnet()) {
            try {
                setup.routeLocalnet().forEach(line -> LOG.info("set {}", line));
            } catch (SetupException e) {
                throw new AgentEndedException(String.valueOf(e.getMessage()));
            }
        }
        return well;
    }

    /** NP-13, NP-14: a list of ranges without loopback switches it off by itself. */
    private boolean needsRouteLocalnet() {
        return mode == ProxyMode.IPTABLES
                && config.localhostNodePorts()
                && (config.nodePortAddresses().equals(NodePortSelection.everywhere())
                        || config.nodePortAddresses().ranges().stream().anyMatch(Cidr::meetsLoopback));
    }

    private boolean attempt(Supplier<List<String>> step) {
        try {
            step.get().forEach(line -> LOG.info("set {}", line));
            return true;
        } catch (SetupException e) {
            e.failures().forEach(LOG::warn);
            return false;
        }
    }
}

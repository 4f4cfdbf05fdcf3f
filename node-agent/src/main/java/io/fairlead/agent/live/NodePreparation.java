package io.fairlead.agent.live;

import io.fairlead.agent.sysctl.NodeSetup;
import io.fairlead.agent.sysctl.SetupException;
import io.fairlead.core.plan.NodeSettings.NodePortSelection;
import io.fairlead.core.plan.ProxyMode;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Sets up the node before the first rule. What cannot be set is said and passed over: most connections work without it, and a
 * container without privileges finds it set by its init container.
 */
record NodePreparation(AgentSettings settings, Consumer<String> log) {

    /** Whether conntrack is liberal about TCP (CT-15). */
    boolean prepare() {
        if (settings.namespace() != null) {
            return false;
        }
        NodeSetup setup = new NodeSetup();
        attempt(() -> setup.oomScoreAdj(settings.config().oomScoreAdj()));
        attempt(() -> setup.conntrack(
                settings.config().conntrack(), Runtime.getRuntime().availableProcessors()));
        if (settings.mode() == ProxyMode.IPTABLES
                && settings.config().localhostNodePorts()
                && settings.config().nodePortAddresses() instanceof NodePortSelection.All) {
            attempt(setup::routeLocalnet);
        }
        return setup.isTcpLiberal();
    }

    private void attempt(Supplier<List<String>> step) {
        try {
            step.get().forEach(line -> log.accept("set " + line));
        } catch (SetupException e) {
            e.failures().forEach(line -> log.accept("warning: " + line));
        }
    }
}

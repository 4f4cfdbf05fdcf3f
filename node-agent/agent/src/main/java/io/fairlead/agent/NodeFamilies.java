package io.fairlead.agent;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.agent.loop.ChangeQueue;
import io.fairlead.agent.source.ClusterSource;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodeSettings.DetectLocal;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;

/** Determines the primary IP family of the node, and checks that the configuration has ranges of this family. */
record NodeFamilies(AgentSettings settings, ChangeQueue queue, StatusPage status, Predicate<IpFamily> hasRulesOf) {
    private static final Logger LOG = AgentLog.LOG;

    /**
     * Returns the primary IP family, whose rules must work (PROTO-7, PROTO-10). Waits for the Node object if the source
     * has Node objects.
     *
     * @throws AgentEndedException if the Node does not appear in time, or if the configuration has no range that is
     *     needed to recognise the addresses of pods
     */
    IpFamily primary(ClusterSource source) throws InterruptedException {
        NodeObject node = source.hasNodes() ? await() : known();
        IpFamily primary = Families.primary(settings.config(), node);
        IpFamily other = primary == IpFamily.IPV4 ? IpFamily.IPV6 : IpFamily.IPV4;
        Families families = new Families(primary, hasRulesOf.test(other));
        for (Families.Mismatch mismatch : families.mismatches(settings.config(), node)) {
            if (mismatch.fatal()) {
                throw new AgentEndedException(mismatch.text());
            }
            LOG.warn("{}", mismatch.text());
        }
        return primary;
    }

    /** Returns the Node if it is known, without waiting; otherwise a Node without addresses. */
    private NodeObject known() {
        NodeObject node = queue.node(settings.nodeName());
        return node == null ? new NodeObject(settings.nodeName(), "", List.of(), List.of(), false) : node;
    }

    /** Waits for a Node object that has addresses and, if they are needed, pod CIDRs (PROTO-9, MQ-11). */
    private NodeObject await() throws InterruptedException {
        boolean needsPodCidrs = settings.config().detectLocal() instanceof DetectLocal.NodeCidr;
        Duration patience = settings.source() instanceof AgentSettings.Source.ApiServer server
                ? server.nodePatience()
                : Duration.ZERO;
        status.waitingFor(
                "Node " + settings.nodeName() + " with its addresses" + (needsPodCidrs ? " and pod CIDRs" : ""));
        NodeObject node = queue.awaitNode(
                settings.nodeName(),
                one -> !one.addresses().isEmpty()
                        && (!needsPodCidrs || !one.podCidrs().isEmpty()),
                patience);
        if (node == null) {
            throw new AgentEndedException("no Node " + settings.nodeName() + " with "
                    + (needsPodCidrs ? "addresses and pod CIDRs" : "addresses") + " for " + patience.toSeconds()
                    + " s; check --node-name (or --hostname-override)");
        }
        status.waitingFor("");
        return node;
    }
}

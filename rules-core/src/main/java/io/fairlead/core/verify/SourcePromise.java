package io.fairlead.core.verify;

import io.fairlead.core.cluster.TrafficPolicy;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.LocalDetector;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.trace.Answer;
import io.fairlead.core.trace.TracePath;
import io.fairlead.core.trace.Tracer;
import io.fairlead.core.trace.UnknownRuleException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Decides which packets must keep their source address. A network plugin masquerades packets that leave its network.
 * This is not a fault, unless the Service promises that the endpoint sees the source address. A Service promises this
 * for packets from clients under externalTrafficPolicy Local, and for packets from a pod to a pod.
 */
final class SourcePromise {
    private static final int MOST_PODS = 8;

    private final LocalDetector detector;
    private final Host host;
    private final Tracer rules;
    private final Set<Ip> otherNodes;
    private final Set<Ip> endpoints;

    /**
     * Creates the promises of the Services of a plan, in one family.
     *
     * @param rules the tracer that answers whether the source address of a pod is changed
     * @param otherNodes the known addresses of the nodes of the cluster
     */
    SourcePromise(Plan plan, IpFamily family, Host host, Tracer rules, Set<Ip> otherNodes) {
        this.detector = plan.node(family).detector();
        this.host = host;
        this.rules = rules;
        this.otherNodes = otherNodes;
        this.endpoints = plan.ports(family)
                .flatMap(port -> port.clusterEndpoints().stream())
                .map(endpoint -> endpoint.ip())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Returns the outcome of an answer. The returned outcome says that the packet is not masqueraded, if this is
     * expected, if only rules of other programs change the source, and if these changes break no promise.
     */
    Outcome judged(Probe probe, PortPlan port, Outcome expected, Answer answer) {
        Outcome outcome = answer.outcome();
        boolean changed = outcome.masquerade()
                && !expected.masquerade()
                && !answer.sources().isEmpty();
        return changed && answer.trace().paths().stream().noneMatch(path -> counts(probe, port, answer, path))
                ? new Outcome(outcome.verdict(), outcome.endpoints(), false)
                : outcome;
    }

    private boolean counts(Probe probe, PortPlan port, Answer answer, TracePath path) {
        return path.masquerade()
                && (!answer.changedByOthers(path)
                        || path.endpoint() == null
                        || isPromised(probe, port, path.endpoint().ip()));
    }

    private boolean isPromised(Probe probe, PortPlan port, Ip endpoint) {
        return switch (probe.source()) {
            case NODE -> false;
            case POD, OWN_ENDPOINT -> isPod(endpoint);
            case CLIENT, BARRED_CLIENT ->
                probe.frontend() instanceof Frontend.ClusterIp
                        ? detector instanceof LocalDetector.None && isPod(endpoint) && isTakenFromPods(probe)
                        : port.external() == TrafficPolicy.LOCAL;
        };
    }

    private boolean isPod(Ip endpoint) {
        return detector instanceof LocalDetector.SourceCidr(Cidr pods)
                ? pods.contains(endpoint)
                : !host.isLocal(endpoint) && !otherNodes.contains(endpoint);
    }

    /**
     * Returns whether rules of other programs also change the source address of pods. Without detection of local pods,
     * the client of a probe also represents the pods. Up to {@link #MOST_PODS} known endpoints are tried as senders. If
     * there is no such endpoint, returns true.
     */
    private boolean isTakenFromPods(Probe probe) {
        Flow flow = probe.flow();
        return endpoints.stream()
                .filter(this::isPod)
                .limit(MOST_PODS)
                .allMatch(pod -> isTaken(new Flow(flow.protocol(), pod, flow.to(), flow.port(), null)));
    }

    /**
     * Returns whether rules of other programs change the source address of this flow on any path. Paths from a pod to
     * the same pod are ignored, because the proxy masquerades their packets. If there is no other path, or if the rules
     * are not understood, returns true.
     */
    private boolean isTaken(Flow flow) {
        try {
            Answer answer = rules.answer(flow);
            List<TracePath> toOthers = answer.trace().paths().stream()
                    .filter(path ->
                            path.endpoint() != null && !path.endpoint().ip().equals(flow.from()))
                    .toList();
            return toOthers.isEmpty() || toOthers.stream().anyMatch(answer::changedByOthers);
        } catch (UnknownRuleException | IllegalStateException _) {
            return true;
        }
    }
}

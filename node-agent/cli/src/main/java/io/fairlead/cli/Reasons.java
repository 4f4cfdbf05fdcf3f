package io.fairlead.cli;

import io.fairlead.core.cluster.Annotations;
import io.fairlead.core.cluster.SliceObject.SliceEndpoint;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.flow.Verdict;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.Split;
import io.fairlead.core.trace.Answer;
import io.fairlead.core.trace.TraceStep;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.explain.dump.Dump;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Explains in sentences why a packet reaches or does not reach its destination. */
final class Reasons {
    private static final int MOST_ENDPOINTS = 5;

    private final Planned planned;
    private final NodeView<?> view;
    private final FlowModel model;
    private final AddressNames names;
    private final Function<Flow, Dump> known;

    /**
     * The answer to one question.
     *
     * @param good whether the packet certainly reaches the destination
     * @param lines the sentences. The first sentence begins with "Yes", "No" or "Perhaps"
     */
    record Sentences(boolean good, List<String> lines) {
        /** Copies the lines. */
        Sentences {
            lines = List.copyOf(lines);
        }
    }

    /**
     * Creates explanations for packets on one node.
     *
     * @param known returns all information about the node, including the connection table's entries for the given flow
     */
    Reasons(Planned planned, NodeView<?> view, Function<Flow, Dump> known) {
        this.known = known;
        this.planned = planned;
        this.view = view;
        this.model = new FlowModel(planned.plan(), planned.host());
        this.names = AddressNames.of(planned.input());
    }

    /**
     * Explains what happens to one packet.
     *
     * @param port the Service port to which the packet is sent; null if the destination is not a Service
     * @param asked the endpoint that the packet is expected to reach; empty for any endpoint
     */
    Sentences of(Flow flow, @Nullable PortPlan port, Optional<Ip> asked) {
        String what = port == null
                ? names.text(flow)
                : flow.protocol() + " " + names.text(flow.from()) + " -> " + new IpPort(flow.to(), flow.port()) + " ("
                        + port.name().text() + ")";
        Answer answer;
        Outcome actual;
        try {
            answer = view.tracer().answer(flow);
            actual = answer.outcome();
        } catch (UnknownRuleException | IllegalStateException e) {
            return new Sentences(false, List.of("Perhaps: " + what + " cannot be followed: " + e.getMessage() + "."));
        }
        Outcome expected = model.outcome(flow);
        List<String> lines = new ArrayList<>();
        boolean arrives = actual.verdict() == Verdict.DNAT
                || (port == null && (actual.verdict() == Verdict.PASS || actual.verdict() == Verdict.ACCEPT));
        String start = !arrives ? "No" : answer.condition().isEmpty() ? "Yes" : "Perhaps";
        lines.add(start + ": " + what + " is " + passive(actual) + by(actual, answer) + ".");
        if (!answer.condition().isEmpty()) {
            lines.add("This holds only " + answer.condition() + ".");
        }
        if (!actual.equals(expected)) {
            difference(actual, expected, answer, lines);
        } else if (!arrives && port != null) {
            lines.add(lack(port, actual));
        }
        if (port != null && !port.split().cluster().isEmpty()) {
            lines.add(split(port));
        }
        if (port == null) {
            lines.addAll(planned.plan().refused(flow.to()));
        }
        asked.ifPresent(ip -> lines.add(new WhyNot(planned, names).sentence(flow, ip, actual)));
        lines.addAll(new EarlierChoices(known.apply(flow), flow).sentences(actual, answer));
        boolean reachesAsked = asked.isEmpty()
                || actual.endpoints().stream().anyMatch(to -> to.ip().equals(asked.get()));
        return new Sentences(arrives && answer.condition().isEmpty() && reachesAsked, lines);
    }

    /** Returns which backends share the traffic, in percent of new connections under policy Cluster. */
    private static String split(PortPlan port) {
        List<Split.Share> shares = port.split().cluster();
        return "Annotation " + Annotations.BACKENDS + " splits the traffic: "
                + shares.stream()
                        .map(share -> String.format(
                                Locale.ROOT,
                                "%.4g %% to %s",
                                100.0 * share.weight() / Split.weight(shares),
                                share.backend()))
                        .collect(Collectors.joining(", "))
                + ".";
    }

    private String passive(Outcome outcome) {
        return switch (outcome.verdict()) {
            case DNAT ->
                "sent to " + outcome.endpoints().stream().map(names::text).collect(Collectors.joining(" or "))
                        + (outcome.masquerade() ? ", with an address of this node as its source" : "");
            case REJECT -> "refused";
            case DROP -> "dropped";
            case ACCEPT, PASS -> "delivered as it is: no rule changes its destination";
        };
    }

    private static String by(Outcome outcome, Answer answer) {
        boolean stopped = outcome.verdict() == Verdict.DROP || outcome.verdict() == Verdict.REJECT;
        List<TraceStep> steps = answer.trace().paths().getFirst().steps();
        if (!stopped || steps.isEmpty()) {
            return "";
        }
        TraceStep last = steps.getLast();
        return " by " + last.place() + " \"" + last.rule() + "\""
                + (answer.others().contains(last) ? " of " + last.origin().text() : "");
    }

    private void difference(Outcome actual, Outcome expected, Answer answer, List<String> lines) {
        lines.add("According to the objects it must be " + passive(expected) + ".");
        if (answer.others().isEmpty()) {
            lines.add("The proxy's rules do not match the objects; fairlead diff shows the difference. Is the proxy"
                    + " running, and with this configuration (--config)?");
            return;
        }
        for (TraceStep step : answer.others()) {
            lines.add(step.place() + " \"" + step.rule() + "\" of "
                    + step.origin().text() + ": " + step.why() + ".");
        }
        TraceStep last = answer.others().getLast();
        boolean stopped = actual.verdict() == Verdict.DROP || actual.verdict() == Verdict.REJECT;
        lines.add("To change that, "
                + (stopped
                        ? "accept the packet in " + last.place() + " before this rule"
                        : "change the rule of " + last.origin().text())
                + "; the proxy's rules are not the cause.");
    }

    /**
     * Returns a sentence that says why, according to the objects, a packet does not reach the Service: usually because
     * endpoints are missing or not ready.
     */
    private String lack(PortPlan port, Outcome actual) {
        List<SliceEndpoint> all = endpoints(port);
        if (all.isEmpty()) {
            return port.name().service()
                    + " has no endpoints: no pod matches its selector, or no EndpointSlice was read.";
        }
        if (!port.anyEndpoints()) {
            return port.name().service() + " has " + all.size() + (all.size() == 1 ? " endpoint" : " endpoints")
                    + ", none ready: " + described(all) + ". Check the readiness of its pods.";
        }
        if (port.localEndpoints().isEmpty() && actual.verdict() == Verdict.DROP) {
            return port.name().service()
                    + " has the traffic policy Local and no endpoint on this node; its endpoints are " + described(all)
                    + ".";
        }
        return "The client is not in the source ranges of " + port.name().service()
                + ", or the traffic policies of the Service stop the packet.";
    }

    private List<SliceEndpoint> endpoints(PortPlan port) {
        return planned.input().state().slices().values().stream()
                .filter(slice -> slice.service().equals(port.name().service()) && slice.family() == port.family())
                .flatMap(slice -> slice.endpoints().stream())
                .toList();
    }

    private String described(List<SliceEndpoint> endpoints) {
        return endpoints.stream()
                        .limit(MOST_ENDPOINTS)
                        .map(endpoint -> endpoint.ip() + " ("
                                + names.of(endpoint.ip())
                                        .map(name -> name + ", ")
                                        .orElse("") + state(endpoint)
                                + (endpoint.nodeName() == null ? "" : ", on " + endpoint.nodeName()) + ")")
                        .collect(Collectors.joining(", "))
                + (endpoints.size() > MOST_ENDPOINTS ? " and " + (endpoints.size() - MOST_ENDPOINTS) + " more" : "");
    }

    private static String state(SliceEndpoint endpoint) {
        return endpoint.terminating() ? "terminating" : endpoint.ready() ? "ready" : "not ready";
    }
}

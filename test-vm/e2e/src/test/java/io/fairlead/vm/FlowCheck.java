package io.fairlead.vm;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.trace.Trace;
import io.fairlead.core.trace.Tracer;
import io.fairlead.lab.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares four answers about a flow under one plan: the model, a tracer over the rendered rules, a tracer over the
 * rules read back, and the kernel.
 *
 * <p>The kernel's answer is derived from a real connection. The listener that answers shows the destination after
 * translation. The source address that it saw shows whether the packet was masqueraded. A refused connection is a
 * reject, silence is a drop. An answer at the original destination means that no rule changed the packet, because every
 * address that is tried has its own listener.
 */
final class FlowCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Time limit for a packet that must be dropped. */
    private static final Duration SILENCE = Duration.ofMillis(500);

    /** Probability that a flow that reaches all its endpoints seems to miss one. */
    private static final double FALSE_ALARM = 1e-10;

    /** The endpoints that the connections of one flow to a Service with affinity may reach. */
    enum Stickiness {
        /** All connections reach the same endpoint. */
        ONE_ENDPOINT,
        /**
         * Connections may reach several endpoints, because frontends of one Service that have different endpoints share
         * one list of clients.
         */
        SOME_ENDPOINTS
    }

    private final World world;
    private final Plan plan;
    private final FlowModel model;
    private final List<Tracer> tracers;

    /** A check of a plan whose rules are in the kernel already. */
    FlowCheck(World world, Kernel<?, ?> kernel, Plan plan, Host host) {
        this.world = world;
        this.plan = plan;
        this.model = new FlowModel(plan, host);
        this.tracers = List.of(kernel.rendered(plan, host), kernel.readBack(host));
    }

    /** Sends every flow and returns every difference from the model. */
    List<String> disagreements(Collection<Flow> flows, Stickiness stickiness) {
        listen(flows);
        Set<Frontend.Key> sticky = stickyKeys();
        return Questions.ask(
                flows,
                flow -> keys(flow).anyMatch(sticky::contains),
                (flow, isSticky) -> disagreements(flow, isSticky ? stickiness : null));
    }

    /** The trace of a flow through the rules in the kernel. */
    Trace trace(Flow flow) {
        synchronized (tracers) {
            return tracers.getLast().trace(flow);
        }
    }

    private void listen(Collection<Flow> flows) {
        for (IpFamily family : IpFamily.values()) {
            plan.ports(family)
                    .filter(port -> port.name().protocol() != Protocol.SCTP)
                    .forEach(port -> Stream.concat(port.clusterEndpoints().stream(), port.localEndpoints().stream())
                            .map(Endpoint::address)
                            .forEach(at -> world.listen(port.name().protocol(), at)));
        }
        flows.forEach(flow -> world.listen(flow.protocol(), new IpPort(flow.to(), flow.port())));
    }

    private Set<Frontend.Key> stickyKeys() {
        Set<Frontend.Key> keys = new HashSet<>();
        for (IpFamily family : IpFamily.values()) {
            plan.ports(family)
                    .filter(port -> port.affinity() instanceof Affinity.ClientIp)
                    .forEach(port -> keys.addAll(keys(port)));
        }
        return keys;
    }

    private static List<Frontend.Key> keys(PortPlan port) {
        return port.frontends().stream()
                .map(frontend -> frontend.key(port.name().protocol()))
                .toList();
    }

    private static Stream<Frontend.Key> keys(Flow flow) {
        return Stream.of(
                new Frontend.Key.Vip(flow.to(), flow.protocol(), flow.port()),
                new Frontend.Key.Node(flow.protocol(), flow.port()));
    }

    private List<String> disagreements(Flow flow, @Nullable Stickiness stickiness) {
        Outcome expected = model.outcome(flow);
        List<Trace> traces;
        synchronized (tracers) {
            traces = tracers.stream().map(tracer -> tracer.trace(flow)).toList();
        }
        List<String> found = new ArrayList<>();
        for (Trace trace : traces) {
            if (!trace.outcome().equals(expected)) {
                found.add("tracer says " + trace.outcome());
            }
        }
        found.addAll(kernelsView(flow, expected, traces.getLast(), stickiness));
        return found.stream()
                .map(what -> "%s: model says %s; %s".formatted(flow, expected, what))
                .toList();
    }

    private List<String> kernelsView(Flow flow, Outcome expected, Trace trace, @Nullable Stickiness stickiness) {
        IpPort to = new IpPort(flow.to(), flow.port());
        return switch (expected.verdict()) {
            case DNAT -> translated(flow, expected, trace, stickiness);
            case REJECT -> {
                Answer answer = ask(flow, PATIENCE);
                yield answer instanceof Answer.Refused
                        ? List.of()
                        : List.of("kernel: should be refused, was " + answer);
            }
            case DROP -> {
                Answer answer = ask(flow, SILENCE);
                yield answer instanceof Answer.TimedOut
                        ? List.of()
                        : List.of("kernel: should be dropped, was " + answer);
            }
            case ACCEPT, PASS -> {
                Answer answer = ask(flow, PATIENCE);
                yield answer instanceof Answer.Answered answered
                                && answered.at().equals(to)
                                && answered.seenSource().equals(flow.from())
                        ? List.of()
                        : List.of("kernel: should arrive unchanged, was " + answer);
            }
        };
    }

    private List<String> translated(Flow flow, Outcome expected, Trace trace, @Nullable Stickiness stickiness) {
        List<String> found = new ArrayList<>();
        Set<IpPort> seen = new TreeSet<>();
        int connections = connections(
                stickiness == Stickiness.SOME_ENDPOINTS
                        ? 1
                        : expected.endpoints().size());
        for (int i = 0; i < connections && found.isEmpty(); i++) {
            Answer answer = ask(flow, PATIENCE);
            if (answer instanceof Answer.Answered answered) {
                seen.add(answered.at());
                Set<Ip> sources = sources(flow, trace, answered.at());
                if (!sources.contains(answered.seenSource())) {
                    found.add("kernel: endpoint " + answered.at() + " sees " + answered.seenSource() + ", not one of "
                            + sources);
                }
            } else {
                found.add("kernel: should reach an endpoint, was " + answer);
            }
        }
        boolean right = stickiness == null
                ? seen.equals(new TreeSet<>(expected.endpoints()))
                : expected.endpoints().containsAll(seen)
                        && (stickiness == Stickiness.SOME_ENDPOINTS || seen.size() == 1);
        if (found.isEmpty() && !right) {
            found.add("kernel: reaches " + seen + (stickiness == null ? "" : ", sticky"));
        }
        return found;
    }

    /**
     * The number of connections with which one of N endpoints is missed with a probability of at most N (1 - 1/N)^n
     * &lt;= {@link #FALSE_ALARM}.
     */
    private static int connections(int endpoints) {
        return endpoints < 2 ? 4 : (int) Math.ceil(Math.log(FALSE_ALARM / endpoints) / Math.log1p(-1.0 / endpoints));
    }

    /** The source addresses that an endpoint may see. The trace's paths to the endpoint say whether they masquerade. */
    private Set<Ip> sources(Flow flow, Trace trace, IpPort at) {
        Set<Ip> sources = new HashSet<>();
        trace.paths().stream()
                .filter(path -> at.equals(path.endpoint()))
                .forEach(path ->
                        sources.add(path.masquerade() ? world.masqueradeSource(flow.from(), at.ip()) : flow.from()));
        return sources;
    }

    private Answer ask(Flow flow, Duration patience) {
        return world.owner(flow.from()).ask(flow.protocol(), flow.from(), new IpPort(flow.to(), flow.port()), patience);
    }
}

package io.fairlead.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.lab.Answer;
import io.fairlead.core.backend.Tracer;
import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.oracle.FlowModel;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.trace.Trace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of Service, from every kind of source, with real connections: the model, a tracer over the rules as rendered,
 * a tracer over the rules as read back, and the kernel have to say the same of each flow.
 *
 * <p>What the kernel says is read off the answers: who answered tells where a packet was sent, the source address seen there
 * tells if it was masqueraded, a refusal is a rejection, silence is a drop, and an answer at the very address that was
 * asked means that nothing touched the packet, because every address tried has a listener of its own.
 */
@NeedsRoot
final class KernelFlowTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How long a packet that ought to be dropped is waited for. */
    private static final Duration SILENCE = Duration.ofMillis(500);

    /**
     * Connections for each flow that may reach several endpoints. At most 3 endpoints with equal shares are in play, so that
     * one of them is missed by chance with a probability of at most 3 * (2/3)^60 < 1e-10 for each flow.
     */
    private static final int CONNECTIONS = 60;

    private static final int MOST_ENDPOINTS = 3;

    static Stream<Arguments> modesAndFamilies() {
        return Kernel.modes().stream()
                .flatMap(mode -> Stream.of(IpFamily.values()).map(family -> Arguments.of(mode, family)));
    }

    @ParameterizedTest
    @MethodSource("modesAndFamilies")
    void modelTracersAndKernelAgree(ProxyMode mode, IpFamily family)
            throws IOException, InterruptedException, ExecutionException {
        try (World world = new World(mode);
                ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor()) {
            Plan plan = world.plan(Yaml.resource("kinds.yaml"));
            Set<Flow> flows = flows(plan, family);
            listen(world, plan, flows, family);
            Kernel<?, ?> kernel = world.kernel();
            kernel.bring(plan);
            FlowModel model = new FlowModel(plan, world.host());
            List<Tracer> tracers = List.of(kernel.rendered(plan, world.host()), kernel.readBack(world.host()));
            Set<Flow> sticky = sticky(plan, flows);
            List<Future<List<String>>> findings = new ArrayList<>();
            // One after another: two first connections of one client at the same moment may both be new to the rules.
            findings.add(waiting.submit(() -> {
                List<String> found = new ArrayList<>();
                for (Flow flow : sticky) {
                    found.addAll(disagreements(world, flow, model.outcome(flow), tracers, true));
                }
                return found;
            }));
            for (Flow flow : flows) {
                if (!sticky.contains(flow)) {
                    Outcome expected = model.outcome(flow);
                    findings.add(waiting.submit(() -> disagreements(world, flow, expected, tracers, false)));
                }
            }
            List<String> all = new ArrayList<>();
            for (Future<List<String>> finding : findings) {
                all.addAll(finding.get());
            }
            assertThat(all).isEmpty();
            assertThat(flows).hasSizeGreaterThan(100);
        }
    }

    /** From everybody to every frontend of the family, and to addresses and ports beside them. */
    private static Set<Flow> flows(Plan plan, IpFamily family) {
        boolean four = family == IpFamily.IPV4;
        List<Ip> sources = Stream.of(
                        four ? "203.0.113.9" : "2001:db8:113::9",
                        four ? "203.0.113.99" : "2001:db8:113::99",
                        four ? "10.244.1.200" : "fd00:10:244:1::c8",
                        four ? "10.244.1.11" : "fd00:10:244:1::11",
                        four ? "192.168.0.10" : "fd00:192:168::10")
                .map(Ip::parse)
                .toList();
        Ip node = sources.getLast();
        Ip gateway = Ip.parse(four ? "10.244.1.1" : "fd00:10:244:1::1");
        Set<Flow> flows = new LinkedHashSet<>();
        plan.ports(family).forEach(port -> {
            Protocol protocol = port.name().protocol();
            for (Ip source : sources) {
                flows.add(new Flow(protocol, source, port.clusterIp(), 81));
                for (Frontend frontend : port.frontends()) {
                    switch (frontend.key(protocol)) {
                        case Frontend.Key.Vip vip -> flows.add(new Flow(protocol, source, vip.ip(), vip.port()));
                        case Frontend.Key.Node nodePort -> {
                            flows.add(new Flow(protocol, source, node, nodePort.port()));
                            if (!source.equals(node)) {
                                flows.add(new Flow(protocol, source, gateway, nodePort.port()));
                            }
                            if (four) {
                                Ip loopback = Ip.parse("127.0.0.1");
                                flows.add(new Flow(protocol, loopback, loopback, nodePort.port()));
                            }
                        }
                    }
                }
                if (port.healthCheckNodePort() != 0) {
                    flows.add(new Flow(Protocol.TCP, source, node, port.healthCheckNodePort()));
                }
            }
        });
        sources.forEach(source ->
                flows.add(new Flow(Protocol.TCP, source, Ip.parse(four ? "10.96.0.250" : "fd00:10:96::250"), 80)));
        return flows;
    }

    private static void listen(World world, Plan plan, Set<Flow> flows, IpFamily family) {
        record Place(Protocol protocol, IpPort at) {}
        Set<Place> places = new HashSet<>();
        plan.ports(family)
                .forEach(port -> Stream.concat(port.clusterEndpoints().stream(), port.localEndpoints().stream())
                        .map(Endpoint::address)
                        .forEach(at -> places.add(new Place(port.name().protocol(), at))));
        flows.forEach(flow -> places.add(new Place(flow.protocol(), new IpPort(flow.to(), flow.port()))));
        places.forEach(place -> world.listen(place.protocol(), place.at()));
    }

    private static Set<Flow> sticky(Plan plan, Set<Flow> flows) {
        Set<IpPort> addresses = new HashSet<>();
        Set<Integer> nodePorts = new HashSet<>();
        for (IpFamily family : IpFamily.values()) {
            plan.ports(family)
                    .filter(port -> port.affinity() instanceof Affinity.ClientIp)
                    .forEach(port -> collect(port, addresses, nodePorts));
        }
        Set<Flow> sticky = new LinkedHashSet<>();
        for (Flow flow : flows) {
            if (addresses.contains(new IpPort(flow.to(), flow.port())) || nodePorts.contains(flow.port())) {
                sticky.add(flow);
            }
        }
        return sticky;
    }

    private static void collect(PortPlan port, Set<IpPort> addresses, Set<Integer> nodePorts) {
        for (Frontend frontend : port.frontends()) {
            switch (frontend.key(port.name().protocol())) {
                case Frontend.Key.Vip vip -> addresses.add(new IpPort(vip.ip(), vip.port()));
                case Frontend.Key.Node node -> nodePorts.add(node.port());
            }
        }
    }

    private static List<String> disagreements(
            World world, Flow flow, Outcome expected, List<Tracer> tracers, boolean sticky) {
        List<Trace> traces;
        synchronized (tracers) {
            traces = tracers.stream().map(tracer -> tracer.trace(flow)).toList();
        }
        List<String> found = new ArrayList<>();
        for (Trace trace : traces) {
            if (!trace.outcome().equals(expected)) {
                found.add("model says " + expected + ", tracer " + trace.outcome());
            }
        }
        found.addAll(kernelsView(world, flow, expected, traces.getLast(), sticky));
        return found.stream().map(what -> flow + ": " + what).toList();
    }

    private static List<String> kernelsView(World world, Flow flow, Outcome expected, Trace trace, boolean sticky) {
        IpPort to = new IpPort(flow.to(), flow.port());
        return switch (expected.verdict()) {
            case DNAT -> translated(world, flow, expected, trace, sticky);
            case REJECT ->
                ask(world, flow, PATIENCE) instanceof Answer.Refused
                        ? List.of()
                        : List.of("should be refused, was not");
            case DROP -> {
                Answer answer = ask(world, flow, SILENCE);
                yield answer instanceof Answer.TimedOut
                        ? List.of()
                        : List.of("should be dropped, was " + answer.text());
            }
            case ACCEPT, PASS -> {
                Answer answer = ask(world, flow, PATIENCE);
                yield answer instanceof Answer.Answered answered
                                && answered.at().equals(to)
                                && answered.seenSource().equals(flow.from())
                        ? List.of()
                        : List.of("should arrive untouched, was " + answer);
            }
        };
    }

    private static List<String> translated(World world, Flow flow, Outcome expected, Trace trace, boolean sticky) {
        assertThat(expected.endpoints()).hasSizeLessThanOrEqualTo(MOST_ENDPOINTS);
        List<String> found = new ArrayList<>();
        Set<IpPort> seen = new TreeSet<>();
        int connections = expected.endpoints().size() == 1 ? 2 : CONNECTIONS;
        for (int i = 0; i < connections && found.isEmpty(); i++) {
            Answer answer = ask(world, flow, PATIENCE);
            if (answer instanceof Answer.Answered answered) {
                seen.add(answered.at());
                Set<Ip> sources = sources(world, flow, trace, answered.at());
                if (!sources.contains(answered.seenSource())) {
                    found.add(
                            "endpoint " + answered.at() + " sees " + answered.seenSource() + ", not one of " + sources);
                }
            } else {
                found.add("should reach one of " + expected.endpoints() + ", was " + answer);
            }
        }
        boolean right = sticky
                ? seen.size() == 1 && expected.endpoints().containsAll(seen)
                : seen.equals(new TreeSet<>(expected.endpoints()));
        if (found.isEmpty() && !right) {
            found.add("reaches " + seen + " instead of " + (sticky ? "one of " : "") + expected.endpoints());
        }
        return found;
    }

    /** What an endpoint may see: the ways that lead to it say if they masquerade. */
    private static Set<Ip> sources(World world, Flow flow, Trace trace, IpPort at) {
        Set<Ip> sources = new HashSet<>();
        trace.paths().stream()
                .filter(path -> at.equals(path.endpoint()))
                .forEach(path -> sources.add(path.masquerade() ? world.masqueradeSource(at.ip()) : flow.from()));
        return sources;
    }

    private static Answer ask(World world, Flow flow, Duration patience) {
        return world.owner(flow.from()).ask(flow.protocol(), flow.from(), new IpPort(flow.to(), flow.port()), patience);
    }
}

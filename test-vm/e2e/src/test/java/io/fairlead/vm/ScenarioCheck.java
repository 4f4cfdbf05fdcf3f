package io.fairlead.vm;

import io.fairlead.cli.scenario.Scenario;
import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.lab.Answer;
import io.fairlead.lab.Lab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sends the packets of a scenario and reports every row with another outcome. It does not depend on how the rules got
 * into the kernel. So the same scenario is checked in namespaces of this machine, around a container and inside a
 * virtual machine.
 */
final class ScenarioCheck {
    /** The folder of scenarios, relative to this module. */
    static final Path SCENARIOS = Path.of("../../node-agent/cli/src/test/resources/scenarios");

    private static final String MASQUERADE = "masquerade";
    /** Probability that a flow that reaches all its endpoints seems to miss one. */
    private static final double FALSE_ALARM = 1e-9;

    private static final int STICKY_CONNECTIONS = 4;

    private final World world;
    private final Duration patience;
    private final Duration silence;

    /**
     * A check in this world.
     *
     * @param patience time limit for expected answers
     * @param silence time limit for a packet that must be dropped
     */
    ScenarioCheck(World world, Duration patience, Duration silence) {
        this.world = world;
        this.patience = patience;
        this.silence = silence;
        world.add("pod-3", Lab.Side.POD, "10.244.1.13", "fd00:10:244:1::13");
        world.add("pods-of-b", Lab.Side.OUTSIDE, "10.244.2.12", "10.244.2.13");
    }

    /** The number of rows that can be sent. Rows with SCTP cannot, because the JVM has no SCTP sockets. */
    static long rows(Scenario scenario, ProxyMode mode) {
        return scenario.rows(mode).stream().filter(ScenarioCheck::canBeSent).count();
    }

    /** Every row with another outcome than expected, and that outcome. */
    List<String> disagreements(Scenario scenario, ProxyMode mode) {
        List<Scenario.Row> rows =
                scenario.rows(mode).stream().filter(ScenarioCheck::canBeSent).toList();
        for (Scenario.Row row : rows) {
            Protocol protocol = row.flow().protocol();
            world.listen(protocol, to(row.flow()));
            endpoints(row.expected()).forEach(at -> world.listen(protocol, at));
        }
        Plan plan = world.plan(scenario.input().state());
        return Questions.ask(rows, row -> isSticky(plan, row.flow()), (row, sticky) -> {
            String met = met(row, sticky);
            return met.equals(row.expected())
                    ? List.of()
                    : List.of("%s, %s: %s: expected %s, met %s"
                            .formatted(scenario, mode, row.flow(), row.expected(), met));
        });
    }

    private static boolean canBeSent(Scenario.Row row) {
        return row.flow().protocol() != Protocol.SCTP;
    }

    /** The outcome; in the row's own words if it is the expected one. */
    private String met(Scenario.Row row, boolean sticky) {
        return switch (row.expected()) {
            case "reject" ->
                ask(row.flow(), patience) instanceof Answer.Refused ? row.expected() : described(row.flow());
            case "drop" -> {
                Answer answer = ask(row.flow(), silence);
                yield answer instanceof Answer.TimedOut ? row.expected() : answer.text();
            }
            case "pass", "accept" ->
                ask(row.flow(), patience) instanceof Answer.Answered answered
                                && answered.at().equals(to(row.flow()))
                                && answered.seenSource().equals(row.flow().from())
                        ? row.expected()
                        : described(row.flow());
            default -> translated(row, sticky);
        };
    }

    private String translated(Scenario.Row row, boolean sticky) {
        Set<IpPort> endpoints = endpoints(row.expected());
        Set<IpPort> seen = new TreeSet<>();
        int connections = sticky ? STICKY_CONNECTIONS : connections(endpoints.size());
        for (int i = 0; i < connections && (sticky || seen.size() < endpoints.size()); i++) {
            Answer answer = ask(row.flow(), patience);
            if (!(answer instanceof Answer.Answered answered)) {
                return answer.toString();
            }
            Set<Ip> from = sources(row, endpoints, answered.at().ip());
            if (!from.contains(answered.seenSource())) {
                return answered.at() + " saw source " + answered.seenSource() + " instead of " + from;
            }
            if (!endpoints.contains(answered.at())) {
                return answered.at().text();
            }
            seen.add(answered.at());
        }
        boolean right = sticky ? seen.size() == 1 : seen.equals(endpoints);
        return right ? row.expected() : seen + " in " + connections + " connections" + (sticky ? ", sticky" : "");
    }

    /**
     * The source addresses that an endpoint may see. A row counts as masqueraded if one of its paths is. If a pod
     * reaches its own Service, perhaps only the path back to the pod is masqueraded.
     */
    private Set<Ip> sources(Scenario.Row row, Set<IpPort> endpoints, Ip at) {
        Ip from = row.flow().from();
        if (!row.expected().endsWith(MASQUERADE)) {
            return Set.of(from);
        }
        Ip masqueraded = world.masqueradeSource(from, at);
        boolean meetsItself =
                endpoints.stream().anyMatch(endpoint -> endpoint.ip().equals(from));
        return meetsItself && !at.equals(from) ? Set.of(from, masqueraded) : Set.of(masqueraded);
    }

    private static boolean isSticky(Plan plan, Flow flow) {
        Set<Frontend.Key> keys = Set.of(
                new Frontend.Key.Vip(flow.to(), flow.protocol(), flow.port()),
                new Frontend.Key.Node(flow.protocol(), flow.port()));
        return plan.ports(flow.to().family())
                .filter(port -> port.affinity() instanceof Affinity.ClientIp)
                .anyMatch(port ->
                        port.frontends().stream().anyMatch(frontend -> keys.contains(frontend.key(flow.protocol()))));
    }

    private String described(Flow flow) {
        return ask(flow, patience).toString();
    }

    private Answer ask(Flow flow, Duration wait) {
        return world.owner(flow.from()).ask(flow.protocol(), flow.from(), to(flow), wait);
    }

    private static IpPort to(Flow flow) {
        return new IpPort(flow.to(), flow.port());
    }

    /**
     * The number of connections with which one of N endpoints is missed with a probability of at most {@link
     * #FALSE_ALARM}.
     */
    private static int connections(int endpoints) {
        return endpoints < 2 ? 1 : (int) Math.ceil(Math.log(FALSE_ALARM / endpoints) / Math.log1p(-1.0 / endpoints));
    }

    private static Set<IpPort> endpoints(String expected) {
        Set<IpPort> endpoints = new TreeSet<>();
        for (String word : expected.split(" ", -1)) {
            if (Character.isDigit(word.charAt(0)) || word.charAt(0) == '[') {
                endpoints.add(IpPort.parse(word));
            }
        }
        return endpoints;
    }
}

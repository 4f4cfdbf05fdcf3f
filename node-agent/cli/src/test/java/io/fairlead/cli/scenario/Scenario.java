package io.fairlead.cli.scenario;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.cluster.objects.ClusterReader;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A scenario: a folder with a small cluster, flows (first packets of connections) and their expected outcomes. */
public record Scenario(Path folder) {
    private static final List<Ip> ADDRESSES = Stream.of(
                    "192.168.0.10", "10.244.1.1", "127.0.0.1", "fd00:192:168::10", "fd00:10:244:1::1", "::1")
            .map(Ip::parse)
            .toList();

    /** A flow and its expected outcome. */
    public record Row(Flow flow, String expected) {}

    /** Returns all scenarios in a folder, sorted by name. */
    public static List<Scenario> all(Path root) {
        try (Stream<Path> folders = Files.list(root)) {
            return folders.filter(Files::isDirectory)
                    .sorted()
                    .map(Scenario::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the objects from cluster.yaml. */
    public ClusterInput input() {
        try {
            return new ClusterReader(false, false, InputStream.nullInputStream())
                    .read(List.of(folder.resolve("cluster.yaml").toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the plan for the node node-a. */
    Plan plan(ProxyMode mode) {
        NodeSettings defaults = NodeSettings.defaults(mode, "node-a");
        return Planner.plan(
                input().state(),
                new NodeSettings(
                        mode,
                        "node-a",
                        List.of(),
                        ADDRESSES,
                        new NodeSettings.DetectLocal.ClusterCidr(
                                List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:10:244::/48"))),
                        defaults.nodePortAddresses(),
                        defaults.masqueradeBit(),
                        defaults.masqueradeAll(),
                        defaults.localhostNodePorts(),
                        defaults.tcpBeLiberal()));
    }

    Host host() {
        return Host.of(ADDRESSES);
    }

    /**
     * Reads the rows from flows.yaml. The field "expect" has the outcome for both modes. If it is missing, there is a
     * field for each mode.
     */
    public List<Row> rows(ProxyMode mode) {
        List<Row> rows = new ArrayList<>();
        for (Object item : Serialization.unmarshal(text("flows.yaml"), List.class)) {
            Map<?, ?> row = (Map<?, ?>) item;
            IpPort to = IpPort.parse(string(row, "to"));
            Protocol protocol = Protocol.parse(string(row, "protocol")).orElseThrow();
            String expected = row.containsKey("expect") ? string(row, "expect") : string(row, mode.text());
            rows.add(new Row(new Flow(protocol, Ip.parse(string(row, "from")), to.ip(), to.port()), expected));
        }
        return rows;
    }

    /** Returns an outcome in the notation of flows.yaml. */
    public static String text(Outcome outcome) {
        return switch (outcome.verdict()) {
            case DNAT ->
                outcome.endpoints().stream().map(IpPort::text).collect(Collectors.joining(" "))
                        + (outcome.masquerade() ? " masquerade" : "");
            case REJECT, DROP, ACCEPT, PASS -> outcome.verdict().text();
        };
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }

    private String text(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String string(Map<?, ?> row, String key) {
        return Objects.requireNonNull(row.get(key), () -> "no " + key + " in " + row)
                .toString();
    }
}

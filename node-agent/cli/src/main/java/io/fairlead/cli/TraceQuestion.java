package io.fairlead.cli;

import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;

/** The packets to trace: many packets from a file, or one packet from options. */
final class TraceQuestion {
    @Option(
            names = "--flows",
            required = true,
            paramLabel = "FILE",
            description = "A file with packets, one JSON object per line (see below).")
    @Nullable
    Path flows;

    @ArgGroup(exclusive = false, multiplicity = "1")
    @Nullable
    Packet packet;

    /** The options that describe one packet. */
    static final class Packet {
        @Option(
                names = "--from",
                required = true,
                paramLabel = "IP|POD",
                description = "The source of the packet: " + WhyCommand.FROM)
        String from = "";

        @Option(
                names = "--to",
                required = true,
                paramLabel = "IP",
                description = "The destination address of the packet.")
        String to = "";

        @Option(
                names = "--port",
                required = true,
                paramLabel = "N",
                description = "The destination port of the packet.")
        int port;

        @Option(
                names = "--protocol",
                defaultValue = "tcp",
                paramLabel = "P",
                description = "tcp (the default), udp or sctp.")
        String protocol = "tcp";

        @Option(
                names = "--interface",
                paramLabel = "IF",
                description =
                        "The interface on which the packet arrives. Default: the interface of this node's route to the"
                                + " source; with --offline none, so that no rule with an interface matches.")
        @Nullable
        String inputInterface;

        @Option(
                names = "--why-not",
                paramLabel = "ENDPOINT",
                description = "Also say why the packet cannot reach this endpoint of the Service: an address, or a pod"
                        + " as NAMESPACE/NAME. Needs the objects.")
        @Nullable
        String whyNot;
    }

    /**
     * A packet to trace.
     *
     * @param id the name of the packet for the output: its id in the file, or "line N" if it has none; "packet" for the
     *     packet from options
     * @param flow the packet; null if its description is wrong
     * @param error why the description is wrong; "" if it is right
     */
    record Asked(String id, @Nullable Flow flow, String error) {}

    /** Returns the endpoint of --why-not; null if the option is not given. */
    @Nullable
    String whyNot() {
        return packet == null ? null : packet.whyNot;
    }

    /**
     * Returns the packets.
     *
     * @param pods returns the address of the pod with this name in this IP family
     * @throws CommandException if the file cannot be read, or if the packet from options is wrong. A wrong packet in a
     *     file does not throw; it has an error
     */
    List<Asked> asked(BiFunction<String, IpFamily, Ip> pods) {
        if (packet != null) {
            String from = packet.from;
            if (from.indexOf('/') >= 0) {
                from = pods.apply(from, AddressNames.ip("--to", packet.to).family())
                        .text();
            }
            Asked asked = asked("packet", packet.protocol, from, packet.to, packet.port, packet.inputInterface);
            if (asked.flow() == null) {
                throw new CommandException(ExitCode.USAGE, asked.error());
            }
            return List.of(asked);
        }
        List<Asked> all = new ArrayList<>();
        try {
            int number = 0;
            for (String line : Files.readAllLines(Objects.requireNonNull(flows), StandardCharsets.UTF_8)) {
                number++;
                if (!line.isBlank()) {
                    all.add(asked(line, number));
                }
            }
        } catch (IOException e) {
            throw new CommandException(ExitCode.USAGE, "--flows: " + Wiring.reason(e));
        }
        return all;
    }

    private static Asked asked(String line, int number) {
        Map<?, ?> fields;
        try {
            fields = Json.read(line, Map.class);
        } catch (JacksonException e) {
            return new Asked("line " + number, null, "not a JSON object: " + e.getOriginalMessage());
        }
        String id = fields.get("id") == null ? "line " + number : String.valueOf(fields.get("id"));
        Object inputInterface = fields.get("interface");
        return asked(
                id,
                String.valueOf(fields.get("protocol")),
                String.valueOf(fields.get("from")),
                String.valueOf(fields.get("to")),
                fields.get("port") instanceof Integer port ? port : 0,
                inputInterface == null ? null : inputInterface.toString());
    }

    private static Asked asked(
            String id, String protocol, String from, String to, int port, @Nullable String inputInterface) {
        try {
            Flow flow = new Flow(
                    Protocol.parse(protocol)
                            .orElseThrow(
                                    () -> new IllegalArgumentException("not tcp, udp or sctp: \"" + protocol + "\"")),
                    Ip.parse(from),
                    Ip.parse(to),
                    port,
                    inputInterface == null ? null : new InterfaceName(inputInterface));
            return new Asked(id, flow, "");
        } catch (IllegalArgumentException e) {
            return new Asked(id, null, String.valueOf(e.getMessage()));
        }
    }
}

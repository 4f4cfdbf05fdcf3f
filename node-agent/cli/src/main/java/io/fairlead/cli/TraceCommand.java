package io.fairlead.cli;

import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.core.trace.Answer;
import io.fairlead.core.trace.Tracer;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.explain.dump.Dump;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;

/** The command {@code trace}, which computes the paths of packets through the rules, and prints them with reasons. */
@Command(
        name = "trace",
        mixinStandardHelpOptions = true,
        header = "Follow a packet through the rules: where does it go, and why?",
        description = {
            "",
            "Follows the packet through the rules as the kernel does. If a rule chooses at random, every choice is"
                    + " followed. With --offline the rules are those that Fairlead would write for the objects,"
                    + " otherwise those in the kernel. If a rule of the proxy is unknown to Fairlead, the packet has no"
                    + " answer; Fairlead never guesses.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:every packet has an answer, whatever the answer is",
            "2:the command line, the input or a packet is wrong",
            "3:the kernel cannot be read, or a rule of the proxy is unknown"
        },
        footer = {
            "",
            "Examples:",
            "  fairlead trace --from 10.244.1.5 --to 10.96.0.10 --port 53 --protocol udp",
            "  fairlead trace --offline -f cluster.yaml --from 192.0.2.7 --to 10.96.0.10 --port 80",
            "  fairlead trace --offline -f cluster.yaml --flows flows.jsonl -o json",
            "",
            "The file of --flows has one JSON object per line: {\"id\",\"protocol\",\"from\",\"to\",\"port\"}, and",
            "optionally \"interface\". With -o json, the answer to each packet is one line:",
            "{\"id\",\"verdict\",\"endpoints\",\"masquerade\"}; the id of a packet of --from is \"packet\". Verdicts: dnat (sent",
            "to one of the endpoints), accept, pass (no rule changes it), reject, drop."
        })
final class TraceCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    NodeOptions node = new NodeOptions();

    @Mixin
    LayoutOptions layouts = new LayoutOptions();

    @Mixin
    InputOptions objects = new InputOptions();

    @Mixin
    AssumeOptions assume = new AssumeOptions();

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Mixin
    ColorOption color = new ColorOption();

    @Option(
            names = "--offline",
            description = "Trace the rules that Fairlead would write for the objects; the kernel is not read.")
    boolean offline;

    @Mixin
    RulesOption rules = new RulesOption();

    @ArgGroup(exclusive = true, multiplicity = "1")
    Question question = new Question();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text (the default) or json.")
    OutputFormat output = OutputFormat.text;

    @Option(
            names = "--oracle",
            paramLabel = "WHO",
            defaultValue = "rules",
            hidden = true,
            description = {
                "rules: the outcome of the rules; model: the expected outcome, computed from the Services' policies"
                        + " without rules."
            })
    Oracle oracle = Oracle.rules;

    /** The source of the answers: the rules, or a model of the expected behaviour. */
    enum Oracle {
        rules,
        model
    }

    /** The packets to trace: many packets from a file, or one packet from options. */
    static final class Question {
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
    }

    /** The options that describe one packet. */
    static final class Packet {
        @Option(names = "--from", required = true, paramLabel = "IP", description = "The source address of the packet.")
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
                        "The input interface of the packet. Default: the interface to which this node routes packets for"
                                + " --from.")
        @Nullable
        String inputInterface;
    }

    /**
     * A packet to trace.
     *
     * @param id the name of the packet in its file
     * @param flow the packet; null if its description is wrong
     * @param error why the description is wrong; "" if it is right
     */
    record Asked(String id, @Nullable Flow flow, String error) {}

    /** Prints the answer for one packet. */
    private interface Answering {
        void answer(Asked asked, Flow flow);
    }

    TraceCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        if (offline && rules.given()) {
            throw new CommandException(
                    ExitCode.USAGE, "give either --offline or --rules; both name the source of the rules");
        }
        List<Asked> asked = asked();
        Wiring wiring = offline
                ? new Wiring(surroundings, node.with(layouts), namespace.name)
                : Wiring.judging(surroundings, node.with(layouts), namespace.name, rules);
        Answering answering = answering(wiring);
        boolean good = true;
        for (Asked each : asked) {
            good &= answer(each, answering);
        }
        surroundings.out().flush();
        return good ? ExitCode.OK : ExitCode.USAGE;
    }

    private Answering answering(Wiring wiring) {
        if (oracle == Oracle.model) {
            Planned planned = offline(wiring);
            FlowModel model = new FlowModel(planned.plan(), planned.host());
            return (each, flow) -> print(each, model.outcome(flow), null);
        }
        Tracer tracer = offline ? offlineTracer(wiring) : nodeTracer(wiring);
        return (each, flow) -> {
            Answer answer = tracer.answer(flow);
            print(each, answer.outcome(), answer);
        };
    }

    private Tracer nodeTracer(Wiring wiring) {
        NodeView<?> view;
        Dump dump = wiring.dump();
        if (dump != null) {
            List<Ip> addresses = wiring.addresses(dump);
            if (addresses.isEmpty()) {
                surroundings
                        .err()
                        .println("warning: the addresses of the node are unknown, so no packet counts as sent by"
                                + " the node or to it; give them with --local-addresses or the output of"
                                + " ip -j addr");
            }
            view = wiring.node(wiring.dialect(), dump, addresses);
        } else {
            view = wiring.node(wiring.dialect());
        }
        view.messages().forEach(message -> surroundings.err().println("warning: " + message));
        return view.tracer();
    }

    private Tracer offlineTracer(Wiring wiring) {
        Planned planned = offline(wiring);
        return rendered(wiring.dialect().layout(), planned).tracer(planned.host());
    }

    private static <R extends Ruleset> Ruleset rendered(RuleLayout<R, ?> layout, Planned planned) {
        return layout.render(planned.plan());
    }

    private Planned offline(Wiring wiring) {
        ClusterInput input = new Assumptions(assume, surroundings.err()).asAsked(wiring.input(objects));
        return wiring.offline(input);
    }

    private boolean answer(Asked each, Answering answering) {
        String error = each.error();
        if (each.flow() != null) {
            try {
                answering.answer(each, each.flow());
                return true;
            } catch (UnknownRuleException | IllegalStateException e) {
                error = String.valueOf(e.getMessage());
            }
        }
        if (output == OutputFormat.text) {
            surroundings.err().println("error: " + each.id() + ": " + error);
            surroundings.err().flush();
        } else {
            surroundings.out().println(Json.line(Json.object("id", each.id(), "error", error)));
        }
        return false;
    }

    private void print(Asked each, Outcome outcome, @Nullable Answer traced) {
        PrintWriter out = surroundings.out();
        if (output == OutputFormat.text) {
            new TraceText(out, color.palette(surroundings)).print(each.flow(), outcome, traced);
        } else {
            Map<String, @Nullable Object> answer = Json.object("id", each.id());
            answer.putAll(OutcomeTree.of(outcome));
            if (traced != null && !traced.condition().isEmpty()) {
                answer.put("condition", traced.condition());
            }
            if (question.packet != null && traced != null) {
                answer.put("paths", TraceJson.paths(traced.trace()));
            }
            out.println(Json.line(answer));
        }
    }

    private List<Asked> asked() {
        if (question.packet != null) {
            Packet packet = question.packet;
            Asked asked = asked("packet", packet.protocol, packet.from, packet.to, packet.port, packet.inputInterface);
            if (asked.flow() == null) {
                throw new CommandException(ExitCode.USAGE, asked.error());
            }
            return List.of(asked);
        }
        List<Asked> all = new ArrayList<>();
        try {
            int number = 0;
            for (String line : Files.readAllLines(Objects.requireNonNull(question.flows), StandardCharsets.UTF_8)) {
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

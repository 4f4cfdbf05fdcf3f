package io.fairlead.cli;

import io.fairlead.cli.TraceQuestion.Asked;
import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Outcome;
import io.fairlead.core.model.FlowModel;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.core.trace.Answer;
import io.fairlead.core.trace.Tracer;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.explain.dump.Dump;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code trace}, which computes the paths of packets through the rules, and prints them with reasons. */
@Command(
        name = "trace",
        mixinStandardHelpOptions = true,
        header = "Follow a packet through the rules: where does it go, and why?",
        description = {
            "",
            "Follows the first packet of a connection through the rules of all programs, as the kernel does. If a rule"
                    + " chooses at random, every choice is followed. The rules are those in the kernel (this needs root) or"
                    + " in --rules; with --offline, those that Fairlead would write for the objects. If Fairlead does not"
                    + " understand a rule, the answer names this rule as a condition.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:every packet has an answer, whatever the answer is",
            "2:the command line, the input or a packet is wrong, or the objects cannot be read",
            "3:the kernel cannot be read, or Fairlead does not understand the proxy's rules"
        },
        footer = {
            "",
            "Examples:",
            "  fairlead trace --from 10.244.1.5 --to 10.96.0.10 --port 53 --protocol udp",
            "  fairlead trace --offline -f cluster.yaml --from 192.0.2.7 --to 10.96.0.10 --port 80",
            "  fairlead trace --offline -f cluster.yaml --flows flows.jsonl -o json",
            "  fairlead trace -f cluster.yaml --from 10.244.1.5 --to 10.96.0.10 --port 80 --why-not web/a-1",
            "",
            "Each line of the file of --flows is one packet; \"interface\" is optional:",
            "  {\"id\":\"a\",\"protocol\":\"tcp\",\"from\":\"192.0.2.7\",\"to\":\"10.96.0.10\",\"port\":80,\"interface\":\"eth0\"}",
            "With -o json, each answer is one line with the fields id, verdict, endpoints and masquerade, and",
            "condition if there is one; for the packet of --from also paths, names and whyNot. A packet without",
            "an answer has the fields id and error. The schema is docs/schema/trace.json.",
            "Verdicts: dnat (sent to one of the endpoints), accept (a rule accepts it unchanged), pass (no rule",
            "decides about it), reject, drop."
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
    NftOption nft = new NftOption();

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Mixin
    ColorOption color = new ColorOption();

    @Option(
            names = "--offline",
            description =
                    "Trace the rules that Fairlead would write for the objects; the kernel is not read. Not with --rules.")
    boolean offline;

    @Mixin
    RulesOption rules = new RulesOption();

    @ArgGroup(exclusive = true, multiplicity = "1")
    TraceQuestion question = new TraceQuestion();

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
        node.nft = nft.access;
        Sources sources = new Sources();
        List<Asked> asked = question.asked(sources::pod);
        Answering answering = answering(sources);
        int status = ExitCode.OK;
        for (Asked each : asked) {
            status = Math.max(status, answer(each, answering));
        }
        surroundings.out().flush();
        return status;
    }

    /** Reads the inputs of the command. Each input is read only if it is needed, and at most once. */
    private final class Sources {
        private @Nullable Wiring wiring;
        private @Nullable ClusterInput input;

        Wiring wiring() {
            if (wiring == null) {
                wiring = offline
                        ? new Wiring(surroundings, node.with(layouts), namespace.name)
                        : Wiring.judging(surroundings, node.with(layouts), namespace.name, rules);
            }
            return wiring;
        }

        ClusterInput input() {
            if (input == null) {
                input = new Assumptions(assume, surroundings.err()).asAsked(wiring().input(objects));
            }
            return input;
        }

        Planned planned() {
            Dump dump = wiring().dump();
            return offline
                    ? wiring().offline(input())
                    : dump == null ? wiring().online(input()) : wiring().dumped(input(), dump);
        }

        Ip pod(String name, IpFamily family) {
            return AddressNames.address("--from", name, family, input());
        }

        AddressNames names() {
            boolean known = offline || input != null || question.whyNot() != null || wiring().hasObjects(objects);
            return known ? AddressNames.of(input()) : AddressNames.NONE;
        }
    }

    private Answering answering(Sources sources) {
        AddressNames names = sources.names();
        if (oracle == Oracle.model) {
            Planned planned = sources.planned();
            FlowModel model = new FlowModel(planned.plan(), planned.host());
            return (each, flow) -> print(each, model.outcome(flow), null, names, "");
        }
        Tracer tracer = offline ? offlineTracer(sources) : nodeTracer(sources.wiring());
        String endpoint = question.whyNot();
        WhyNot whyNot = endpoint == null ? null : new WhyNot(sources.planned(), names);
        return (each, flow) -> {
            Answer answer = tracer.answer(flow);
            String reason = whyNot == null || endpoint == null
                    ? ""
                    : whyNot.sentence(
                            flow,
                            AddressNames.address(
                                    "--why-not", endpoint, flow.to().family(), sources.input()),
                            answer.outcome());
            print(each, answer.outcome(), answer, names, reason);
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

    private Tracer offlineTracer(Sources sources) {
        Planned planned = sources.planned();
        return rendered(sources.wiring().dialect().layout(), planned).tracer(planned.host());
    }

    private static <R extends Ruleset> Ruleset rendered(RuleLayout<R, ?> layout, Planned planned) {
        return layout.render(planned.plan());
    }

    /** Prints the answer to a packet, or why it has none. Returns the exit status for this packet. */
    private int answer(Asked each, Answering answering) {
        String error = each.error();
        if (each.flow() != null) {
            try {
                answering.answer(each, each.flow());
                return ExitCode.OK;
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
        return each.flow() == null ? ExitCode.USAGE : ExitCode.KERNEL;
    }

    private void print(Asked each, Outcome outcome, @Nullable Answer traced, AddressNames names, String whyNot) {
        PrintWriter out = surroundings.out();
        if (output == OutputFormat.text) {
            new TraceText(out, color.palette(surroundings), names).print(each.flow(), outcome, traced, whyNot);
        } else {
            Map<String, @Nullable Object> answer = Json.object("id", each.id());
            answer.putAll(OutcomeTree.of(outcome));
            if (traced != null && !traced.condition().isEmpty()) {
                answer.put("condition", traced.condition());
            }
            if (question.packet != null && traced != null) {
                answer.put("paths", TraceJson.paths(traced.trace()));
                Map<String, String> known = names.among(addresses(each.flow(), outcome));
                if (!known.isEmpty()) {
                    answer.put("names", known);
                }
            }
            if (!whyNot.isEmpty()) {
                answer.put("whyNot", whyNot);
            }
            out.println(Json.line(answer));
        }
    }

    private static List<Ip> addresses(@Nullable Flow flow, Outcome outcome) {
        List<Ip> addresses =
                new ArrayList<>(outcome.endpoints().stream().map(IpPort::ip).toList());
        if (flow != null) {
            addresses.add(flow.from());
            addresses.add(flow.to());
        }
        return addresses;
    }
}

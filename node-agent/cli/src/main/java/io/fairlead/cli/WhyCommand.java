package io.fairlead.cli;

import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.NoRules;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ServicePlan;
import io.fairlead.explain.dump.Dump;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code why}, which explains in sentences whether one address can reach another address or a Service. */
@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        header = "Explain why a client can or cannot reach a Service or an address through this node.",
        description = {
            "",
            "Follows the first packet of a connection through the rules of all programs in the kernel (this needs root)"
                    + " or in --rules, and compares the result with what the objects require. Answers in sentences: where the packet goes; if the packet does not"
                    + " arrive, which rule stops it or what is missing; and what to do. Nothing is sent and nothing is"
                    + " changed.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:the client can reach --to with all its ports (and the endpoint of --endpoint, if given)",
            "1:the client cannot reach it, or this depends on a rule that Fairlead does not understand",
            "2:the command line or the input is wrong, or the objects cannot be read",
            "3:the kernel cannot be read, or Fairlead does not understand the proxy's rules"
        },
        footer = {
            "",
            "Examples:",
            "  kubectl get svc,endpointslices,nodes,pods -A -o yaml > cluster.yaml",
            "  fairlead why -f cluster.yaml --from shop/client --to shop/web",
            "  fairlead why -f cluster.yaml --from 192.0.2.7 --to default/web:http --endpoint 10.244.2.9",
            "  (iptables-save; ip6tables-save; nft list ruleset",
            "   ip -j addr; ip -j route; ip -6 -j route) > rules.txt",
            "  fairlead why -f cluster.yaml --rules rules.txt --from 10.244.1.5 --to default/web"
        })
final class WhyCommand implements Callable<Integer> {
    /** The meaning of the source of a packet, for the help of this command and of trace. */
    static final String FROM =
            "an IP address, or a pod as NAMESPACE/NAME if it is a Pod of the objects or in an EndpointSlice. An address"
                    + " of this node means that the node itself sends the packet. A packet from any other address, also"
                    + " of a pod on another node, arrives at this node.";

    private final Surroundings surroundings;

    @Mixin
    NodeOptions node = new NodeOptions();

    @Mixin
    InputOptions objects = new InputOptions();

    @Mixin
    RulesOption rules = new RulesOption();

    @Mixin
    NftOption nft = new NftOption();

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Option(names = "--from", required = true, paramLabel = "POD|IP", description = "The client: " + FROM)
    String from = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "SERVICE|IP:PORT",
            description =
                    "A Service as NAMESPACE/NAME:PORT, with the port's name or number, or as NAMESPACE/NAME for every port;"
                            + " or IP:PORT (IPv6 in brackets).")
    String to = "";

    @Option(
            names = "--endpoint",
            paramLabel = "POD|IP",
            description = "Also explain why the packet can or cannot reach this endpoint: an address, or a pod as"
                    + " NAMESPACE/NAME.")
    @Nullable
    String endpoint;

    @Option(
            names = "--protocol",
            paramLabel = "P",
            defaultValue = "tcp",
            description = "The protocol, if --to is an address: tcp (the default), udp or sctp.")
    String protocol = "tcp";

    WhyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        if (from.indexOf('/') < 0) {
            AddressNames.ip("--from", from);
        }
        node.nft = nft.access;
        Wiring wiring = Wiring.judging(surroundings, node, namespace.name, rules);
        Dump dump = wiring.dump();
        ClusterInput input = wiring.input(objects);
        IpFamily family = family(input);
        Ip client = AddressNames.address("--from", from, family, input);
        Optional<Ip> asked =
                Optional.ofNullable(endpoint).map(text -> AddressNames.address("--endpoint", text, family, input));
        Planned planned = dump == null ? wiring.online(input) : wiring.dumped(input, dump);
        NodeView<?> view = dump == null
                ? wiring.node(wiring.dialect())
                : wiring.node(wiring.dialect(), dump, List.copyOf(planned.host().addresses()));
        view.messages().forEach(message -> surroundings.err().println("warning: " + message));
        wiring.configured().remark().ifPresent(note -> surroundings.err().println("note: " + note));
        Reasons reasons = new Reasons(
                planned, view, flow -> dump == null ? view.dump().with(wiring.connections(flow)) : view.dump());
        List<Reasons.Sentences> answers = to.indexOf('/') >= 0
                ? toService(planned, reasons, client, asked)
                : List.of(reasons.of(
                        new Flow(protocol(), client, address().ip(), address().port()), null, asked));
        answers.forEach(answer -> answer.lines().forEach(surroundings.out()::println));
        surroundings.out().flush();
        return answers.stream().allMatch(Reasons.Sentences::good) ? ExitCode.OK : ExitCode.DIFFERENCES;
    }

    private List<Reasons.Sentences> toService(Planned planned, Reasons reasons, Ip client, Optional<Ip> asked) {
        int slash = to.indexOf('/');
        int colon = to.indexOf(':', slash);
        String name = to.substring(slash + 1, colon < 0 ? to.length() : colon);
        String port = colon < 0 ? "" : to.substring(colon + 1);
        ServicePlan service = planned.plan().services().get(new ServiceName(to.substring(0, slash), name));
        if (service == null) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--to: no such Service among the objects: \"" + to + "\"",
                    List.of("name it as NAMESPACE/NAME"));
        }
        NoRules none = service.noRules();
        if (none != null) {
            return List.of(new Reasons.Sentences(
                    false,
                    List.of("No: " + service.name() + " has no rules on any node, because " + none.reason() + ".")));
        }
        List<PortPlan> ports = service.ports().stream()
                .filter(plan -> plan.family() == client.family())
                .filter(plan -> port.isEmpty()
                        || plan.name().port().equals(port)
                        || plan.frontends().stream()
                                .anyMatch(frontend ->
                                        Integer.toString(frontend.port()).equals(port)))
                .toList();
        if (ports.isEmpty()) {
            return List.of(new Reasons.Sentences(
                    false,
                    List.of("No: " + service.name() + " has no " + (port.isEmpty() ? "" : "port " + port + " ")
                            + "address of the family of " + client + ".")));
        }
        return ports.stream()
                .map(plan -> reasons.of(
                        new Flow(
                                plan.name().protocol(),
                                client,
                                plan.clusterIp(),
                                plan.frontends().getFirst().port()),
                        plan,
                        asked))
                .toList();
    }

    /**
     * Returns the IP family of the packet, which is also the family of a pod's address: the family of the destination.
     * If the destination is a Service with an IPv4 address, or an unknown Service, it is IPv4.
     */
    private IpFamily family(ClusterInput input) {
        if (to.indexOf('/') < 0) {
            return address().ip().family();
        }
        int slash = to.indexOf('/');
        int colon = to.indexOf(':', slash);
        ServiceName name =
                new ServiceName(to.substring(0, slash), to.substring(slash + 1, colon < 0 ? to.length() : colon));
        ServiceObject service = input.state().services().get(name);
        return service == null
                        || service.clusterIps().isEmpty()
                        || service.clusterIps().containsKey(IpFamily.IPV4)
                ? IpFamily.IPV4
                : IpFamily.IPV6;
    }

    private IpPort address() {
        try {
            return IpPort.parse(to);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, "--to: neither NAMESPACE/NAME nor IP:PORT: \"" + to + "\"");
        }
    }

    private Protocol protocol() {
        return Protocol.parse(protocol)
                .orElseThrow(() ->
                        new CommandException(ExitCode.USAGE, "--protocol: not tcp, udp or sctp: \"" + protocol + "\""));
    }
}

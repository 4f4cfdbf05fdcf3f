package io.fairlead.cli;

import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.plan.ServicePortName;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.core.verify.Verification;
import io.fairlead.explain.dump.Dump;
import io.fairlead.linux.process.ProgramMissingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code verify}, which checks that the kernel's rules treat packets as the objects require. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        header = "Check that the kernel's rules, from Fairlead or kube-proxy, do what the objects require.",
        description = {
            "",
            "Computes what the rules of all programs in the kernel (this needs root) or in --rules do with packets to"
                    + " every address and port of every Service: from a client outside the cluster, from a pod, from an"
                    + " endpoint and from the node. Compares the outcome for each packet with what the objects require."
                    + " Only the outcome counts, so kube-proxy's rules can be verified too, in both modes. Nothing is"
                    + " sent and nothing is changed.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:the rules treat every packet as expected (rules that Fairlead does not understand are named)",
            "1:the rules treat at least one packet in another way, or Fairlead cannot follow it",
            "2:the command line or the input is wrong, or the objects cannot be read",
            "3:the kernel cannot be read, or Fairlead does not understand the proxy's rules"
        },
        footer = {
            "",
            "Examples:",
            "  kubectl get svc,endpointslices,nodes -A -o yaml | fairlead verify -f -",
            "  fairlead verify --kubeconfig /etc/kubernetes/admin.conf default/my-nginx",
            "  kubectl get cm kube-proxy -n kube-system -o jsonpath='{.data.config\\.conf}' > kube-proxy.yaml",
            "  fairlead verify -f cluster.yaml --rules rules.txt --config kube-proxy.yaml"
        })
final class VerifyCommand implements Callable<Integer> {
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

    @Mixin
    ColorOption color = new ColorOption();

    @Parameters(
            paramLabel = "NAMESPACE/SERVICE",
            arity = "0..*",
            description = "Check only these Services. Default: all of them.")
    List<String> services = new ArrayList<>();

    @Option(
            names = "--all",
            description = "Print every packet with a wrong outcome. Without --all, the first three packets of each"
                    + " cause are printed, and the others are counted.")
    boolean all;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text (the default), json or yaml.")
    OutputFormat output = OutputFormat.text;

    VerifyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /**
     * The result of the verification.
     *
     * @param services the number of Services that were checked
     * @param otherLines the number of lines in the kernel that differ from the rules that Fairlead would write
     * @param notes warnings for the user
     */
    private record Judgement(Verification verification, int services, long otherLines, List<String> notes) {}

    @Override
    public Integer call() {
        node.nft = nft.access;
        Wiring wiring = Wiring.judging(surroundings, node, namespace.name, rules);
        Dump dump = wiring.dump();
        ClusterInput input = wiring.input(objects);
        Planned planned = dump == null ? wiring.online(input) : wiring.dumped(input, dump);
        Predicate<ServicePortName> chosen = chosen(planned.plan());
        Judgement judgement = judge(wiring, wiring.dialect(), planned, chosen, dump);
        judgement.notes().forEach(note -> surroundings.err().println("warning: " + note));
        wiring.configured().remark().ifPresent(note -> surroundings.err().println("note: " + note));
        print(judgement, wiring.configured(), input);
        return judgement.verification().findings().isEmpty() ? ExitCode.OK : ExitCode.DIFFERENCES;
    }

    private void print(Judgement judgement, Configured configured, ClusterInput input) {
        Verification verification = judgement.verification();
        int looked = judgement.services();
        long otherLines = judgement.otherLines();
        switch (output) {
            case json -> surroundings.out().println(Json.pretty(tree(judgement, configured)));
            case yaml -> surroundings.out().print(Json.yaml(tree(judgement, configured)));
            case text ->
                new VerificationText(surroundings.out(), color.palette(surroundings), all, AddressNames.of(input))
                        .print(verification, looked, otherLines);
        }
    }

    private static Map<String, @Nullable Object> tree(Judgement judgement, Configured configured) {
        Map<String, @Nullable Object> tree =
                VerificationText.tree(judgement.verification(), judgement.services(), judgement.otherLines());
        tree.put("configuration", configured.source().isEmpty() ? null : configured.source());
        return tree;
    }

    private <R extends Ruleset, C extends Change> Judgement judge(
            Wiring wiring,
            Dialect<R, C> dialect,
            Planned planned,
            Predicate<ServicePortName> chosen,
            @Nullable Dump dump) {
        NodeView<R> view = dump == null
                ? wiring.node(dialect)
                : wiring.node(dialect, dump, List.copyOf(planned.host().addresses()));
        R kernel = view.rules();
        RuleLayout<R, C> layout = dump == null ? dialect.backend().layout() : dialect.layout(dump);
        int ports = (int) planned.plan().services().values().stream()
                .flatMap(service -> service.ports().stream())
                .filter(port -> chosen.test(port.name()))
                .count();
        Verification verification;
        try (Progress progress = Progress.of(surroundings, "Service ports verified", ports)) {
            verification = Verification.of(
                    planned.plan(), planned.host(), view.tracer(), planned.nodeAddresses(), chosen, progress::step);
        }
        C change = layout.diff(kernel, layout.render(planned.plan()));
        int looked = (int) planned.plan().services().keySet().stream()
                .filter(name -> services.isEmpty() || services.contains(name.toString()))
                .count();
        List<String> notes = new ArrayList<>(view.messages());
        if (dump == null) {
            notes.addAll(otherMode(wiring));
        }
        return new Judgement(
                verification, looked, change.report().added() + change.report().removed(), notes);
    }

    private Predicate<ServicePortName> chosen(Plan plan) {
        if (services.isEmpty()) {
            return _ -> true;
        }
        Set<String> known =
                plan.services().keySet().stream().map(ServiceName::toString).collect(Collectors.toSet());
        for (String service : services) {
            if (!known.contains(service)) {
                throw new CommandException(
                        ExitCode.USAGE,
                        "no such Service among the objects: \"" + service + "\"",
                        List.of("name it as NAMESPACE/SERVICE"));
            }
        }
        Set<String> wanted = Set.copyOf(services);
        return port -> wanted.contains(port.service().toString());
    }

    /**
     * Returns a message if the kernel also has rules of the other mode, or if this cannot be checked; otherwise an
     * empty list. If both modes have rules, a packet may be translated by the rules that it reaches first, or twice.
     */
    private List<String> otherMode(Wiring wiring) {
        ProxyMode other = wiring.mode() == ProxyMode.IPTABLES ? ProxyMode.NFTABLES : ProxyMode.IPTABLES;
        try {
            return lines(wiring.dialect(other).installed())
                    .map(lines -> List.of("the kernel also has rules of " + other.text() + " mode, " + lines
                            + " lines; they may translate packets before the rules of this mode"))
                    .orElse(List.of());
        } catch (ProgramMissingException _) {
            return List.of();
        } catch (ApplyFailedException | UnknownRuleException e) {
            return List.of("cannot check for rules of " + other.text() + " mode: " + e.getMessage());
        }
    }

    private static <R extends Ruleset, C extends Change> Optional<Long> lines(Backend<R, C> backend) {
        long lines = backend.layout().removal(backend.kernel().read()).report().removed();
        return lines == 0 ? Optional.empty() : Optional.of(lines);
    }
}

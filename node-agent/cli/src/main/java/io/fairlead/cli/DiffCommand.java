package io.fairlead.cli;

import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.explain.dump.Dump;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code diff}, which prints how rules would change. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        header = "Show what would change in the kernel, Service by Service; nothing is changed.",
        description = {
            "",
            "Compares the rules for the objects with the kernel's rules (this needs root), or with those in --rules. With"
                    + " --from and --to, compares the rules for two sets of objects instead, and does not read the"
                    + " kernel. For each Service it prints the lines that fairlead apply would add and remove. If the"
                    + " Service already has rules, it first prints what changes for the packets to the Service.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:no difference",
            "1:something differs",
            "2:the command line or the input is wrong, or the objects cannot be read",
            "3:the kernel cannot be read"
        },
        footer = {
            "",
            "Examples:",
            "  kubectl get svc,endpointslices,nodes -A -o yaml | fairlead diff -f -",
            "  fairlead diff --from before.yaml --to after.yaml --proxy-mode nftables --node-name node-1"
        })
final class DiffCommand implements Callable<Integer> {
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
    RulesOption rules = new RulesOption();

    @Mixin
    NftOption nft = new NftOption();

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Mixin
    ColorOption color = new ColorOption();

    @Option(
            names = "--from",
            paramLabel = "PATH",
            description = "The old objects, a path as for -f; needs --to, excludes -f and --rules. May be repeated.")
    List<String> from = new ArrayList<>();

    @Option(
            names = "--to",
            paramLabel = "PATH",
            description = "The new objects, a path as for -f; needs --from. May be repeated.")
    List<String> to = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text (the default), json or yaml.")
    OutputFormat output = OutputFormat.text;

    /** A change of the rules, with sentences about its meaning for Services. */
    private record Difference(Change change, SortedMap<ServiceName, List<String>> meanings) {}

    DiffCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        boolean fromObjects = !from.isEmpty() || !to.isEmpty();
        if (fromObjects && (from.isEmpty() || to.isEmpty() || !objects.paths.isEmpty())) {
            throw new CommandException(ExitCode.USAGE, "give both --from and --to, or -f to compare with the kernel");
        }
        if (fromObjects && rules.given()) {
            throw new CommandException(ExitCode.USAGE, "--rules cannot be combined with --from and --to");
        }
        node.nft = nft.access;
        Wiring wiring = rules.given()
                ? Wiring.judging(surroundings, node.with(layouts), namespace.name, rules)
                : new Wiring(surroundings, node.with(layouts), namespace.name);
        Dump dump = wiring.dump();
        Difference difference = fromObjects
                ? betweenObjects(wiring, wiring.dialect().layout())
                : dump != null
                        ? fromDump(wiring, dump)
                        : fromKernel(wiring, wiring.dialect().backend());
        print(difference);
        return difference.change().isEmpty() ? ExitCode.OK : ExitCode.DIFFERENCES;
    }

    private <R extends Ruleset, C extends Change> Difference betweenObjects(Wiring wiring, RuleLayout<R, C> layout) {
        Assumptions assumptions = new Assumptions(assume, surroundings.err());
        Planned before = wiring.offline(assumptions.always(wiring.input(from, objects)));
        Planned after = wiring.offline(assumptions.always(wiring.input(to, objects)));
        return new Difference(
                layout.diff(layout.render(before.plan()), layout.render(after.plan())),
                PlanChanges.between(before.plan(), after.plan()));
    }

    private ClusterInput asked(Wiring wiring) {
        return new Assumptions(assume, surroundings.err()).asAsked(wiring.input(objects));
    }

    private Difference fromDump(Wiring wiring, Dump dump) {
        return fromDump(wiring.dialect(), wiring.dumped(asked(wiring), dump), dump);
    }

    private static <R extends Ruleset, C extends Change> Difference fromDump(
            Dialect<R, C> dialect, Planned planned, Dump dump) {
        R dumped = dialect.in(dump);
        RuleLayout<R, C> layout = dialect.layout(dump);
        C change = layout.diff(dumped, layout.render(planned.plan()));
        return new Difference(change, PacketChanges.of(change.report(), planned, dumped.tracer(planned.host())));
    }

    private <R extends Ruleset, C extends Change> Difference fromKernel(Wiring wiring, Backend<R, C> backend) {
        Planned planned = wiring.online(asked(wiring));
        R kernel = backend.kernel().read();
        C change = backend.layout().diff(kernel, backend.layout().render(planned.plan()));
        return new Difference(change, PacketChanges.of(change.report(), planned, kernel.tracer(planned.host())));
    }

    private void print(Difference difference) {
        var report = difference.change().report();
        switch (output) {
            case json -> surroundings.out().println(Json.pretty(ChangeText.tree(report, difference.meanings())));
            case yaml -> surroundings.out().print(Json.yaml(ChangeText.tree(report, difference.meanings())));
            case text -> {
                new ChangeText(surroundings.out(), color.palette(surroundings)).print(report, difference.meanings());
                surroundings
                        .out()
                        .println(
                                difference.change().isEmpty()
                                        ? "No changes."
                                        : "Plan: " + ChangeText.totals(report) + ".");
            }
        }
    }
}

package io.fairlead.cli;

import io.fairlead.core.plan.Conflict;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.core.rules.Ruleset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code render}, which prints the rules for some objects. */
@Command(
        name = "render",
        mixinStandardHelpOptions = true,
        header = "Print the rules for the given Kubernetes objects; the kernel is not read or changed.",
        description = {
            "",
            "In iptables mode, prints the input of iptables-restore, and after the line \"# ip6tables\" the input of"
                    + " ip6tables-restore. In nftables mode, prints two tables as input of nft -f. With -o json or yaml, prints the plan from which the rules"
                    + " are made: Services with their addresses, endpoints and policies, and why some Services have no"
                    + " rules.",
            "Problems of the objects are listed on standard error; invalid objects are left out.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:rules were printed",
            "2:the command line or the input is wrong, or the objects cannot be read; with --strict, also if any object is invalid"
        },
        footer = {
            "",
            "Examples:",
            "  kubectl get svc,endpointslices,nodes -A -o yaml | fairlead render -f - --proxy-mode nftables",
            "  fairlead render -f cluster/ --node-name node-1 --local-addresses 192.0.2.10 -o json"
        })
final class RenderCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    NodeOptions node = new NodeOptions();

    @Mixin
    LayoutOptions layouts = new LayoutOptions();

    @Mixin
    InputOptions objects = new InputOptions();

    @Mixin
    AssumeOptions assume = new AssumeOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text (rules, the default), json or yaml (the plan).")
    OutputFormat output = OutputFormat.text;

    RenderCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Wiring wiring = new Wiring(surroundings, node.with(layouts), null);
        Planned planned = wiring.offline(new Assumptions(assume, surroundings.err()).asAsked(wiring.input(objects)));
        for (Conflict conflict : planned.plan().conflicts()) {
            surroundings.err().println("warning: " + conflict.text());
        }
        planned.plan().ignored().forEach(text -> surroundings.err().println("warning: " + text));
        planned.plan().refused().forEach(text -> surroundings.err().println("warning: " + text));
        surroundings
                .out()
                .print(
                        switch (output) {
                            case text ->
                                rendered(wiring.dialect().layout(), planned).text();
                            case json -> Json.pretty(PlanTree.of(planned.plan())) + "\n";
                            case yaml -> Json.yaml(PlanTree.of(planned.plan()));
                        });
        return ExitCode.OK;
    }

    static <R extends Ruleset> R rendered(RuleLayout<R, ?> layout, Planned planned) {
        return layout.render(planned.plan());
    }
}

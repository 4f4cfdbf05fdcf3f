package io.fairlead.cli;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ChangeReport;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes Fairlead's rules out of the kernel. */
@Command(
        name = "cleanup",
        mixinStandardHelpOptions = true,
        header = "Remove Fairlead's rules from the kernel; they are listed first.",
        description = {
            "",
            "Removes the table kube-proxy (nftables) and the chains KUBE-SERVICES, KUBE-SVC-*, ... with the jumps to them"
                    + " (iptables), which are kube-proxy's names too: a kube-proxy that is running here loses its rules and"
                    + " writes them anew. Everything else stays, kubelet's KUBE-FIREWALL included.",
            "Without --proxy-mode both modes' rules are removed.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:nothing of ours is left",
            "2:the command line is wrong",
            "3:the kernel refused, or another program refers to what is left"
        },
        footer = {"", "Examples:", "  fairlead cleanup --dry-run", "  fairlead cleanup --netns node-1"})
final class CleanupCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    NodeOptions node = new NodeOptions();

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Mixin
    ColorOption color = new ColorOption();

    @Option(names = "--dry-run", description = "Only list what would be removed.")
    boolean dryRun;

    CleanupCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Wiring wiring = new Wiring(surroundings, node, namespace.name);
        List<ProxyMode> modes = node.proxyMode == null ? List.of(ProxyMode.values()) : List.of(node.proxyMode);
        int exitCode = ExitCode.OK;
        for (Dialect.Place place : RuleRemoval.places(wiring, modes)) {
            RuleRemoval.Outcome outcome = RuleRemoval.run(place.backend(), this::list, dryRun);
            switch (outcome) {
                case RuleRemoval.Outcome.Nothing(String reason) ->
                    surroundings
                            .out()
                            .println(place.name() + ": nothing to remove"
                                    + (reason.isEmpty() ? "" : " (" + reason + ")"));
                case RuleRemoval.Outcome.Found(long lines) ->
                    surroundings
                            .out()
                            .println(place.name() + ": " + lines + " lines"
                                    + (dryRun ? " would be removed" : " removed"));
                case RuleRemoval.Outcome.Partly(long lines, List<String> leftovers) -> {
                    surroundings.out().println(place.name() + ": " + lines + " lines removed");
                    leftovers.forEach(
                            line -> surroundings.err().println("error: " + place.name() + ": not removed: " + line));
                    exitCode = ExitCode.KERNEL;
                }
                case RuleRemoval.Outcome.Failed(String message) -> {
                    surroundings.err().println("error: " + place.name() + ": " + message);
                    exitCode = ExitCode.KERNEL;
                }
            }
        }
        return exitCode;
    }

    private void list(ChangeReport report) {
        new ChangeText(surroundings.out(), color.palette(surroundings))
                .print(report, Collections.unmodifiableSortedMap(new TreeMap<>()));
        surroundings.out().flush();
    }
}

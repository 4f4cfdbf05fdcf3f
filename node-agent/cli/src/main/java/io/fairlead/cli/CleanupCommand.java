package io.fairlead.cli;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ChangeReport;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code cleanup}, which removes the rules of Fairlead and of kube-proxy from the kernel. */
@Command(
        name = "cleanup",
        mixinStandardHelpOptions = true,
        header = "Remove the rules of Fairlead and of kube-proxy from the kernel, and list them.",
        description = {
            "",
            "Removes the table kube-proxy of nftables, and in iptables these chains with the jumps to them: KUBE-SERVICES,"
                    + " KUBE-EXTERNAL-SERVICES, KUBE-NODEPORTS, KUBE-FORWARD, KUBE-POSTROUTING, KUBE-PROXY-FIREWALL,"
                    + " KUBE-PROXY-CANARY, KUBE-MARK-MASQ, KUBE-MARK-DROP, and those that begin with KUBE-SVC-, KUBE-SVL-,"
                    + " KUBE-EXT-, KUBE-XLB-, KUBE-FW- and KUBE-SEP-. Needs root. All other rules stay, including the"
                    + " kubelet's KUBE-FIREWALL, and so do IPVS, conntrack entries and sysctls.",
            "Services do not work on this node until a proxy runs again. First stop a kube-proxy or Fairlead agent that"
                    + " runs on this node, because it would write its rules again.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:no rule of Fairlead or kube-proxy is left; with --dry-run: the rules that would be removed were printed",
            "2:the command line is wrong",
            "3:the kernel refused the removal, or rules are left because another program refers to them"
        },
        footer = {"", "Examples:", "  fairlead cleanup --dry-run", "  fairlead cleanup --netns node-1"})
final class CleanupCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Option(names = "--proxy-mode", paramLabel = "MODE", description = "iptables or nftables. Default: both modes.")
    @Nullable
    ProxyMode proxyMode;

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Mixin
    ColorOption color = new ColorOption();

    @Option(names = "--dry-run", description = "List what would be removed, and remove nothing.")
    boolean dryRun;

    CleanupCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Wiring wiring = new Wiring(surroundings, new NodeOptions(), namespace.name);
        List<ProxyMode> modes = proxyMode == null ? List.of(ProxyMode.values()) : List.of(proxyMode);
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
                            line -> surroundings.err().println("error: " + place.name() + ": cannot remove: " + line));
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

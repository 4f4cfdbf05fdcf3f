package io.fairlead.cli;

import io.fairlead.core.plan.Conflict;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.rules.Notice;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.core.rules.Ruleset;
import java.util.Collections;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code apply}, which writes the rules for some objects to the kernel once. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        header = "Write the rules for the given Kubernetes objects to the kernel, once.",
        description = {
            "",
            "Reads the kernel's rules and writes the difference; this needs root. Give all Services of the cluster: rules"
                    + " of other Services are removed. First stop a kube-proxy or Fairlead agent that runs on this node,"
                    + " because it would write its own rules again. kube-proxy's rules of the same mode are replaced. Rules"
                    + " of the other mode stay, and fairlead cleanup --proxy-mode removes them. Rules of other programs"
                    + " are never changed.",
            "In nftables mode all changes are one transaction. In iptables mode each table of IPv4 and of IPv6 has its"
                    + " own transaction. If the kernel refuses a transaction, apply names the Service whose rule was"
                    + " refused, and stops: earlier transactions stay in force, and this transaction and all later ones"
                    + " change nothing.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:the kernel has the rules (or, with --dry-run, would get them)",
            "2:the command line or the input is wrong, or the objects cannot be read; nothing was done",
            "3:the kernel cannot be read, or it refused a transaction"
        },
        footer = {
            "",
            "Examples:",
            "  kubectl get cm kube-proxy -n kube-system -o jsonpath='{.data.config\\.conf}' > kube-proxy.yaml",
            "  kubectl get svc,endpointslices,nodes -A -o yaml | fairlead apply -f - --config kube-proxy.yaml",
            "  fairlead apply -f cluster/ --proxy-mode nftables --netns node-1 --dry-run"
        })
final class ApplyCommand implements Callable<Integer> {
    private static final int SUMMARY_LINES = 20;

    private final Surroundings surroundings;

    @Mixin
    NodeOptions node = new NodeOptions();

    @Mixin
    LayoutOptions layouts = new LayoutOptions();

    @Mixin
    InputOptions objects = new InputOptions();

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Mixin
    ColorOption color = new ColorOption();

    @Option(names = "--dry-run", description = "Print every line that would be written, and write nothing.")
    boolean dryRun;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "The format of the list of changes: text (the default), json or yaml.")
    OutputFormat output = OutputFormat.text;

    ApplyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Wiring wiring = new Wiring(surroundings, node.with(layouts), namespace.name);
        Planned planned = wiring.online(wiring.input(objects));
        for (Conflict conflict : planned.plan().conflicts()) {
            surroundings.err().println("warning: " + conflict.text());
        }
        planned.plan().ignored().forEach(text -> surroundings.err().println("warning: " + text));
        planned.plan().refused().forEach(text -> surroundings.err().println("warning: " + text));
        wiring.dialect().requireVersions(NftAccess.netlink);
        apply(wiring.dialect(), planned);
        return ExitCode.OK;
    }

    private <R extends Ruleset, C extends Change> void apply(Dialect<R, C> dialect, Planned planned) {
        Backend<R, C> backend = dialect.backend();
        RuleLayout<R, C> layout = backend.layout();
        C change = layout.diff(backend.kernel().read(), layout.render(planned.plan()));
        if (!dryRun && !change.isEmpty()) {
            backend.kernel().apply(change);
        }
        dialect.remarks().forEach(this::note);
        for (Notice notice : backend.kernel().poll()) {
            if (notice instanceof Notice.Remark(String text)) {
                note(text);
            }
        }
        print(change.report());
    }

    private void note(String text) {
        surroundings.err().println("note: " + text);
    }

    private void print(ChangeReport report) {
        ChangeText text = new ChangeText(surroundings.out(), color.palette(surroundings));
        switch (output) {
            case json -> surroundings.out().println(Json.pretty(ChangeText.tree(report, new TreeMap<>())));
            case yaml -> surroundings.out().print(Json.yaml(ChangeText.tree(report, new TreeMap<>())));
            case text -> {
                if (report.isEmpty()) {
                    surroundings.out().println("Nothing to do: the kernel already has these rules.");
                } else if (dryRun) {
                    text.print(report, Collections.unmodifiableSortedMap(new TreeMap<>()));
                    surroundings.out().println("Dry run: " + ChangeText.totals(report) + "; nothing was written.");
                } else {
                    text.summary(report, SUMMARY_LINES);
                    surroundings
                            .out()
                            .println("Applied: " + report.added() + " added, " + report.removed() + " removed, "
                                    + ChangeText.services(report) + " Services affected.");
                }
            }
        }
    }
}

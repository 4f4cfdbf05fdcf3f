package io.fairlead.cli;

import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.doctor.Cluster;
import io.fairlead.doctor.Diagnosis;
import io.fairlead.doctor.Doctor;
import io.fairlead.doctor.Examined;
import io.fairlead.doctor.ExaminedReader;
import io.fairlead.doctor.Migration;
import io.fairlead.doctor.Severity;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.dump.DumpException;
import io.fairlead.inspect.bundle.Bundle;
import io.fairlead.inspect.bundle.Collector;
import io.fairlead.inspect.bundle.Trial;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code doctor}, which checks a node for what makes Services fail or slow. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        header = "Check this node for causes of failing or slow Services, and say what to do.",
        description = {
            "",
            "Checks the kernel (version, features, settings, clock), the installed tools, rules of other programs, rules"
                    + " that earlier proxies left, the conntrack table, network interfaces, and the number of rules and"
                    + " of clients with session affinity. Needs root, except with --rules. Tries the kernel's features in new network"
                    + " namespaces and then removes these; nothing else is changed.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:nothing was found, or only notes",
            "1:at least one warning or error was found",
            "2:the command line or the input is wrong",
            "3:the node cannot be read"
        },
        footer = {
            "",
            "Examples:",
            "  fairlead doctor",
            "  fairlead doctor --rules node-1.tar.gz -f cluster.yaml",
            "  fairlead doctor --migrate-to nftables -f cluster.yaml"
        })
final class DoctorCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    NodeOptions node = new NodeOptions();

    @Mixin
    InputOptions objects = new InputOptions();

    @Mixin
    RulesOption rules = new RulesOption();

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Mixin
    ColorOption color = new ColorOption();

    @Option(
            names = "--migrate-to",
            paramLabel = "TARGET",
            description =
                    "Instead of the checks, say what changes for the Services on this node: nftables, if the proxy"
                            + " changes to nftables mode; fairlead, if Fairlead replaces kube-proxy in the same mode.")
    Migration.@Nullable Target target;

    @Option(names = "--no-trial", description = "Do not create network namespaces to try the kernel's features.")
    boolean noTrial;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text (the default), json or yaml.")
    OutputFormat output = OutputFormat.text;

    DoctorCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Wiring wiring = Wiring.judging(surroundings, node, namespace.name, rules);
        Bundle bundle = wiring.bundle();
        if (rules.given() && bundle == null) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--rules: not a bundle of fairlead dump, which alone has the facts that doctor checks");
        }
        Examined examined = examined(wiring, bundle == null ? live(wiring) : bundle);
        List<Diagnosis> found = target == null ? Doctor.examine(examined) : Migration.to(target, examined);
        print(found);
        return found.stream().allMatch(diagnosis -> diagnosis.severity() == Severity.NOTE)
                ? ExitCode.OK
                : ExitCode.DIFFERENCES;
    }

    private Bundle live(Wiring wiring) {
        Collector collector = new Collector(wiring.processes(), wiring.facts(), wiring.nftables(), wiring.time(), 0);
        SortedMap<String, String> files = new TreeMap<>(
                collector.collect(wiring.nodeName(), Main.version()).files());
        if (!noTrial) {
            files.put(Bundle.TRIAL, new Trial(surroundings.trial()).results());
        }
        collector.missing().stream()
                .filter(line -> !line.startsWith("connections are left out"))
                .forEach(line -> surroundings.err().println("warning: " + line));
        return new Bundle(files);
    }

    private Examined examined(Wiring wiring, Bundle bundle) {
        ProxyMode mode = node.proxyMode != null || !wiring.configured().source().isEmpty() ? wiring.mode() : null;
        try {
            ExaminedReader reader = new ExaminedReader(bundle);
            Examined alone = reader.read(mode, null);
            if (!wiring.hasObjects(objects)) {
                return alone;
            }
            ClusterInput input = wiring.input(objects);
            Planned planned = planned(wiring, input, alone.dump());
            return reader.read(alone.mode(), new Cluster(input.state(), planned.settings(), planned.plan()));
        } catch (DumpException e) {
            throw new CommandException(ExitCode.KERNEL, "the rules of the node cannot be read: " + e.getMessage());
        }
    }

    private static Planned planned(Wiring wiring, ClusterInput input, Dump dump) {
        return wiring.dump() == null ? wiring.online(input) : wiring.dumped(input, dump);
    }

    private void print(List<Diagnosis> found) {
        switch (output) {
            case json -> surroundings.out().println(Json.pretty(tree(found)));
            case yaml -> surroundings.out().print(Json.yaml(tree(found)));
            case text -> text(found);
        }
    }

    private void text(List<Diagnosis> found) {
        PrintWriter out = surroundings.out();
        Palette palette = color.palette(surroundings);
        for (Diagnosis diagnosis : found) {
            String severity = diagnosis.severity().text();
            out.println(switch (diagnosis.severity()) {
                        case ERROR -> palette.removed(severity);
                        case WARNING -> palette.warning(severity);
                        case NOTE -> palette.faint(severity);
                    }
                    + "  " + palette.title(diagnosis.what()) + "  "
                    + palette.faint("[" + diagnosis.check() + "]"));
            out.println("  why: " + diagnosis.why());
            out.println("  do:  " + diagnosis.remedy());
        }
        out.println(summary(found));
        out.flush();
    }

    private String summary(List<Diagnosis> found) {
        if (found.isEmpty()) {
            return target == null ? "Nothing is wrong." : "Nothing changes.";
        }
        List<String> counts = new ArrayList<>();
        for (Severity severity : Severity.values()) {
            long count = found.stream()
                    .filter(diagnosis -> diagnosis.severity() == severity)
                    .count();
            if (count > 0) {
                counts.add(count + " " + severity.text() + (count == 1 ? "" : "s"));
            }
        }
        return String.join(", ", counts) + ".";
    }

    private Map<String, @Nullable Object> tree(List<Diagnosis> found) {
        List<Object> list = new ArrayList<>();
        for (Diagnosis diagnosis : found) {
            list.add(Json.object(
                    "check",
                    diagnosis.check(),
                    "severity",
                    diagnosis.severity().text(),
                    "what",
                    diagnosis.what(),
                    "why",
                    diagnosis.why(),
                    "remedy",
                    diagnosis.remedy()));
        }
        return Json.object("migrateTo", target == null ? null : target.name(), "diagnoses", list);
    }
}

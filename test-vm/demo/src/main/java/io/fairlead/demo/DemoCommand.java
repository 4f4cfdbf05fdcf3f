package io.fairlead.demo;

import io.fairlead.cli.ChangeText;
import io.fairlead.cli.ColorOption;
import io.fairlead.cli.CommandException;
import io.fairlead.cli.DialectContext;
import io.fairlead.cli.ExitCode;
import io.fairlead.cli.Palette;
import io.fairlead.cli.Surroundings;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.lab.LabException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code demo}: shows Services at work in a small cluster of network namespaces. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        header = "See Services work: a node, pods and clients in network namespaces, and real connections.",
        description = {
            "",
            "Runs a story in chapters, once for each backend. Each chapter adds objects, shows the change of the node's"
                    + " kernel rules as fairlead diff does, and checks real connections against what is expected. Needs"
                    + " root. This machine's own rules are not changed, and nothing is left behind, also after Ctrl-C.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:every check is as expected",
            "1:a check is not as expected",
            "3:the namespaces cannot be made"
        },
        footer = {"", "Examples:", "  fairlead demo", "  fairlead demo --proxy-mode nftables"})
final class DemoCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    ColorOption color = new ColorOption();

    @Option(
            names = "--proxy-mode",
            paramLabel = "MODE",
            description = "iptables or nftables. Default: both, one after the other.")
    @Nullable
    ProxyMode mode;

    DemoCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        Palette palette = color.palette(surroundings);
        Demo demo = new Demo(
                surroundings.out(),
                palette.on(),
                report -> text(report, palette),
                surroundings.processes(),
                (mode, runner, namespace) -> surroundings
                        .dialects()
                        .open(mode, DialectContext.of(runner, namespace))
                        .installed());
        try {
            ProxyMode only = mode;
            return demo.run(only == null ? List.of(ProxyMode.NFTABLES, ProxyMode.IPTABLES) : List.of(only))
                    ? ExitCode.OK
                    : ExitCode.DIFFERENCES;
        } catch (LabException e) {
            throw new CommandException(
                    ExitCode.KERNEL,
                    String.valueOf(e.getMessage()),
                    List.of("the demo makes network namespaces, so it needs root and the program ip"));
        }
    }

    private static String text(ChangeReport report, Palette palette) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        new ChangeText(out, palette).print(report, Collections.unmodifiableSortedMap(new TreeMap<>()));
        out.println("Plan: " + ChangeText.totals(report) + ".");
        return text.toString();
    }
}

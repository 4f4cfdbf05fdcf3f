package io.fairlead.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code status}, which shows the state of the agent on this node. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        header = "Show the state of the agent that runs on this node.",
        description = {
            "",
            "Prints what the agent's own pages show: its mode, the source of its objects, its last update of the rules"
                    + " with the time of each stage, Services without rules because the kernel refused them"
                    + " (quarantine), repaired rules with the programs that had changed them, invalid objects, how far"
                    + " the rules are behind the objects, and memory. Nothing is changed.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:the agent is ready and no Service is in quarantine",
            "1:the agent is not ready, or a Service is in quarantine",
            "2:the command line is wrong",
            "3:no agent answers"
        },
        footer = {"", "Examples:", "  fairlead status", "  fairlead status --server 127.0.0.1:20249 -o json"})
final class StatusCommand implements Callable<Integer> {
    private static final String QUARANTINE = "quarantine";
    private static final List<String> PROBLEMS = List.of("error", "warning", "note");

    private final Surroundings surroundings;

    @Option(
            names = "--server",
            paramLabel = "IP:PORT",
            defaultValue = "127.0.0.1:10249",
            description = "The address of the agent's metrics server. Default: 127.0.0.1:10249.")
    String server = "127.0.0.1:10249";

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Mixin
    ColorOption color = new ColorOption();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text (the default), json or yaml.")
    OutputFormat output = OutputFormat.text;

    StatusCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** A line of the page. */
    private record Line(String name, String value) {}

    /**
     * What the pages show.
     *
     * @param readiness the reason why the agent is not ready; "" if it is
     * @param behind how long a change has been waiting for its rules; null if none waits or it is not known
     * @param memory the resident memory in bytes; null if it is not known
     */
    private record State(
            String readiness,
            List<Line> lines,
            @Nullable Duration behind,
            @Nullable Long memory) {
        private boolean good() {
            return readiness.isEmpty()
                    && lines.stream().noneMatch(line -> line.name().equals(QUARANTINE));
        }
    }

    @Override
    public Integer call() {
        Wiring wiring = new Wiring(surroundings, new NodeOptions(), namespace.name);
        State state = state(wiring);
        switch (output) {
            case json -> surroundings.out().println(Json.pretty(tree(state)));
            case yaml -> surroundings.out().print(Json.yaml(tree(state)));
            case text -> text(state);
        }
        surroundings.out().flush();
        return state.good() ? ExitCode.OK : ExitCode.DIFFERENCES;
    }

    private State state(Wiring wiring) {
        String page = page(wiring, "/statusz")
                .orElseThrow(
                        () -> new CommandException(
                                ExitCode.KERNEL,
                                "no agent of Fairlead answers at http://" + server + "/statusz",
                                List.of(
                                        "does it run on this node? If its metricsBindAddress is another one, name it with --server")));
        String metrics = page(wiring, "/metrics").orElse("");
        List<Line> lines = page.lines()
                .filter(line -> !line.isBlank())
                .map(StatusCommand::line)
                .toList();
        OptionalDouble queued = largest(metrics, "kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds");
        OptionalDouble synced = largest(metrics, "kubeproxy_sync_proxy_rules_last_timestamp_seconds");
        OptionalDouble memory = largest(metrics, "process_resident_memory_bytes");
        boolean waits = queued.isPresent() && synced.isPresent() && queued.getAsDouble() > synced.getAsDouble();
        Instant since = waits ? Instant.ofEpochMilli((long) (queued.getAsDouble() * 1000)) : null;
        return new State(
                page(wiring, "/readyz").isPresent() ? "" : "the agent is not ready",
                lines,
                since == null ? null : Duration.between(since, wiring.time().instant()),
                memory.isPresent() ? (long) memory.getAsDouble() : null);
    }

    private Optional<String> page(Wiring wiring, String path) {
        try {
            return wiring.facts().page(URI.create("http://" + server + path));
        } catch (IllegalArgumentException _) {
            throw new CommandException(ExitCode.USAGE, "--server: not an IP:PORT: \"" + server + "\"");
        }
    }

    /** Reads a line "NAME     VALUE", of which the name has at most 15 characters and may contain spaces. */
    private static Line line(String text) {
        int width = Math.min(15, text.length());
        return new Line(text.substring(0, width).strip(), text.substring(width).strip());
    }

    /** Returns the largest value of a metric over all its labels. */
    private static OptionalDouble largest(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .flatMap(value -> number(value).stream())
                .mapToDouble(Double::doubleValue)
                .max();
    }

    private static Optional<Double> number(String text) {
        try {
            return Optional.of(Double.parseDouble(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private void text(State state) {
        PrintWriter out = surroundings.out();
        Palette palette = color.palette(surroundings);
        if (!state.readiness().isEmpty()) {
            out.println(palette.removed(state.readiness()));
        }
        for (Line line : state.lines()) {
            String value = line.name().equals(QUARANTINE) || line.name().equals("error")
                    ? palette.removed(line.value())
                    : line.value();
            out.println(String.format(Locale.ROOT, "%-15s %s", line.name(), value));
        }
        out.println(String.format(
                Locale.ROOT,
                "%-15s %s",
                "behind",
                state.behind() == null ? "0 s" : state.behind().toSeconds() + " s"));
        if (state.memory() != null) {
            out.println(String.format(Locale.ROOT, "%-15s %,d MiB", "memory", state.memory() >> 20));
        }
    }

    private Map<String, @Nullable Object> tree(State state) {
        List<Object> quarantine = new ArrayList<>();
        List<Object> problems = new ArrayList<>();
        Map<String, @Nullable Object> agent = Json.object();
        for (Line line : state.lines()) {
            int colon = line.value().indexOf(": ");
            if (line.name().equals(QUARANTINE) && colon > 0) {
                quarantine.add(Json.object(
                        "service",
                        line.value().substring(0, colon),
                        "reason",
                        line.value().substring(colon + 2)));
            } else if (PROBLEMS.contains(line.name())) {
                problems.add(Json.object("severity", line.name(), "text", line.value()));
            } else {
                agent.put(line.name(), line.value());
            }
        }
        Map<String, @Nullable Object> tree =
                Json.object("ready", state.readiness().isEmpty(), "agent", agent);
        tree.put("quarantine", quarantine);
        tree.put("problems", problems);
        tree.put("behindSeconds", state.behind() == null ? 0 : state.behind().toSeconds());
        tree.put("residentBytes", state.memory());
        return tree;
    }
}

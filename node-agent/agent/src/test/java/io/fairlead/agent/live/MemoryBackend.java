package io.fairlead.agent.live;

import io.fairlead.core.flow.Host;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.rules.Edit;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.core.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** A kernel in memory: a line for each endpoint of each Service port; refuses everything while it is told to. */
final class MemoryBackend implements Backend<MemoryBackend.Lines, MemoryBackend.Difference> {
    private Lines kernel = new Lines(new TreeSet<>());
    private boolean refusing;
    private boolean dropsInvalid;
    private int applied;
    private String other = "";

    record Lines(SortedSet<String> lines) implements Ruleset {
        @Override
        public String text() {
            return String.join("\n", lines) + "\n";
        }

        @Override
        public Tracer tracer(Host host) {
            throw new UnsupportedOperationException("lines only");
        }
    }

    record Difference(Lines to, List<Edit> edits) implements Change {
        @Override
        public boolean isEmpty() {
            return edits.isEmpty();
        }

        @Override
        public ChangeReport report() {
            return new ChangeReport(edits);
        }

        @Override
        public String text() {
            return edits.toString();
        }
    }

    synchronized SortedSet<String> kernel() {
        return new TreeSet<>(kernel.lines());
    }

    synchronized void refuse(boolean all) {
        refusing = all;
    }

    /** Somebody else takes a line away, which the kernel would tell. */
    synchronized void takeAway(String line, String who) {
        SortedSet<String> rest = new TreeSet<>(kernel.lines());
        rest.remove(line);
        kernel = new Lines(rest);
        other = who;
    }

    synchronized int applied() {
        return applied;
    }

    /** What the last plan says of packets in state INVALID. */
    synchronized boolean dropsInvalid() {
        return dropsInvalid;
    }

    @Override
    public ProxyMode mode() {
        return ProxyMode.NFTABLES;
    }

    @Override
    public synchronized Lines render(Plan plan) {
        dropsInvalid = plan.ipv4().dropInvalid();
        SortedSet<String> lines = new TreeSet<>();
        plan.services().values().forEach(service -> service.ports().forEach(port -> add(port, lines)));
        return new Lines(lines);
    }

    private static void add(PortPlan port, SortedSet<String> lines) {
        port.frontends()
                .forEach(frontend -> port.clusterEndpoints()
                        .forEach(endpoint ->
                                lines.add(port.name().text() + " " + frontend.text() + " -> " + endpoint.text())));
    }

    @Override
    public Difference diff(Lines current, Lines desired) {
        List<Edit> edits = new ArrayList<>();
        current.lines().stream()
                .filter(line -> !desired.lines().contains(line))
                .forEach(line -> edits.add(new Edit(Edit.Sign.REMOVE, new Origin.Node(), "memory", line)));
        desired.lines().stream()
                .filter(line -> !current.lines().contains(line))
                .forEach(line -> edits.add(new Edit(Edit.Sign.ADD, new Origin.Node(), "memory", line)));
        return new Difference(desired, edits);
    }

    @Override
    public Difference removal(Lines current) {
        return diff(current, new Lines(new TreeSet<>()));
    }

    @Override
    public synchronized Lines read() {
        return kernel;
    }

    @Override
    public synchronized void apply(Difference change) {
        if (refusing) {
            throw new ApplyFailedException(
                    ApplyFailedException.Kind.REJECTED, "told to refuse", "", List.of(), List.of());
        }
        kernel = change.to();
        applied++;
    }

    @Override
    public synchronized Optional<String> changedByOthers() {
        String who = other;
        other = "";
        return who.isEmpty() ? Optional.empty() : Optional.of(who);
    }
}

package io.fairlead.agent.loop;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Frontend;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.PortPlan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.ChangeReport;
import io.fairlead.core.rules.Edit;
import io.fairlead.core.rules.KernelRules;
import io.fairlead.core.rules.Notice;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.core.trace.Packet;
import io.fairlead.core.trace.PathEnd;
import io.fairlead.core.trace.ProxyChains;
import io.fairlead.core.trace.Tracer;
import io.fairlead.core.trace.UnknownRuleException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A fake kernel in memory. A rule is a line of the form "frontend -> endpoint". */
public final class FakeBackend
        implements RuleLayout<FakeBackend.Rules, FakeBackend.Edits>, KernelRules<FakeBackend.Rules, FakeBackend.Edits> {
    private static final String BASE = "base ";

    /** The lines in the kernel. A test may change them to simulate another program. */
    public final SortedMap<String, Origin> kernel = new ConcurrentSkipListMap<>();

    /** The Services whose rules this kernel refuses. */
    public final Set<ServiceName> refused = ConcurrentHashMap.newKeySet();

    /** The exceptions that the next calls of apply throw, one for each call. */
    public final List<ApplyFailedException> failures = new ArrayList<>();

    /** The calls of the agent, in their order: "read", "render" or "apply". */
    public final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    /**
     * The names of programs that the next polls report as the origin of changes, one for each poll. The name "" means
     * that the poll fails.
     */
    public final Queue<String> others = new ConcurrentLinkedQueue<>();

    /** The IP families for which each change reports that objects could not be deleted. */
    public final Set<IpFamily> leavesBehind = new HashSet<>();

    /** The value that isWatched returns. */
    public boolean watched;

    /** Whether all changes are refused. */
    public volatile boolean refusing;

    private final List<Notice> undeleted = new ArrayList<>();
    private final AtomicInteger applied = new AtomicInteger();
    private final ProxyMode mode;
    private volatile boolean dropsInvalid;

    public FakeBackend(ProxyMode mode) {
        this.mode = mode;
    }

    /** Returns the lines in the kernel. It may be called while the agent changes them. */
    public Stream<String> lines() {
        return kernel.keySet().stream();
    }

    /** Returns the lines that belong to Services. */
    public SortedSet<String> rules() {
        return lines().filter(line -> !line.startsWith(BASE)).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the number of applied changes. */
    public int applied() {
        return applied.get();
    }

    /** Returns whether the last rendered plan drops packets in state INVALID. */
    public boolean dropsInvalid() {
        return dropsInvalid;
    }

    /** Removes a line as another program would, and makes the kernel report this. */
    public void takeAway(String line, String who) {
        kernel.remove(line);
        others.add(who);
    }

    /** A set of lines, with the origin of each line. */
    public record Rules(SortedMap<String, Origin> lines) implements Ruleset {
        @Override
        public String text() {
            return lines.keySet().stream().map(line -> line + "\n").collect(Collectors.joining());
        }

        @Override
        public ProxyChains chains(Host host) {
            return new ProxyChains() {
                @Override
                public boolean has(IpFamily family, String table, String chain) {
                    return true;
                }

                @Override
                public List<PathEnd> walk(IpFamily family, String table, String chain, Packet packet) {
                    throw new UnknownRuleException("fake", packet.flow().toString(), "rules");
                }
            };
        }

        @Override
        public Tracer tracer(Host host) {
            return flow -> {
                throw new UnknownRuleException("fake", flow.toString(), "rules");
            };
        }
    }

    /** A change: the lines to add and remove. */
    public record Edits(List<Edit> edits) implements Change {
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
            return edits.stream()
                    .map(edit -> edit.sign().symbol() + edit.text() + "\n")
                    .collect(Collectors.joining());
        }
    }

    @Override
    public ProxyMode mode() {
        return mode;
    }

    @Override
    public Rules render(Plan plan) {
        calls.add("render");
        SortedMap<String, Origin> lines = new TreeMap<>();
        dropsInvalid = plan.ipv4().dropInvalid();
        lines.put(BASE + plan.ipv4().markText(), new Origin.Node());
        for (IpFamily family : IpFamily.values()) {
            plan.ports(family).forEach(port -> add(port, lines));
        }
        return new Rules(lines);
    }

    private static void add(PortPlan port, SortedMap<String, Origin> lines) {
        // TCP is left out, because it is the usual protocol.
        String protocol =
                port.name().protocol() == Protocol.TCP ? "" : "/" + port.name().protocol();
        for (Frontend frontend : port.frontends()) {
            for (Endpoint endpoint : port.clusterEndpoints()) {
                lines.put(frontend.text() + protocol + " -> " + endpoint, new Origin.Port(port.name()));
            }
        }
    }

    /** Returns the difference. A line that now belongs to another Service is removed and added. */
    @Override
    public Edits diff(Rules current, Rules desired) {
        List<Edit> edits = new ArrayList<>();
        current.lines().forEach((line, origin) -> {
            if (!origin.equals(desired.lines().get(line))) {
                edits.add(new Edit(Edit.Sign.REMOVE, origin, "fake", line));
            }
        });
        desired.lines().forEach((line, origin) -> {
            if (!origin.equals(current.lines().get(line))) {
                edits.add(new Edit(Edit.Sign.ADD, origin, "fake", line));
            }
        });
        return new Edits(edits);
    }

    @Override
    public Edits removal(Rules current) {
        return diff(current, new Rules(new TreeMap<>()));
    }

    @Override
    public Rules read() {
        calls.add("read");
        return new Rules(new TreeMap<>(kernel));
    }

    @Override
    public void apply(Edits change) {
        calls.add("apply");
        if (refusing) {
            throw new ApplyFailedException(
                    ApplyFailedException.Kind.REJECTED, "refused by the test", "", List.of(), List.of());
        }
        if (!failures.isEmpty()) {
            throw failures.removeFirst();
        }
        for (Edit edit : change.edits()) {
            if (edit.sign() == Edit.Sign.ADD
                    && edit.origin() instanceof Origin.Port(var port)
                    && refused.contains(port.service())) {
                throw new ApplyFailedException(
                        ApplyFailedException.Kind.REJECTED,
                        "no",
                        "tool says no",
                        List.of(edit.origin()),
                        List.of(edit.text()));
            }
        }
        for (Edit edit : change.edits()) {
            if (edit.sign() == Edit.Sign.ADD) {
                kernel.put(edit.text(), edit.origin());
            } else if (kernel.remove(edit.text()) == null) {
                throw new IllegalStateException("not there: " + edit.text());
            }
        }
        leavesBehind.forEach(family -> undeleted.add(new Notice.Undeleted(family)));
        applied.incrementAndGet();
    }

    @Override
    public Rules after(Rules current, Edits change) {
        SortedMap<String, Origin> lines = new TreeMap<>(current.lines());
        change.edits().stream()
                .filter(edit -> edit.sign() == Edit.Sign.REMOVE)
                .forEach(edit -> lines.remove(edit.text()));
        change.edits().stream()
                .filter(edit -> edit.sign() == Edit.Sign.ADD)
                .forEach(edit -> lines.put(edit.text(), edit.origin()));
        return new Rules(lines);
    }

    @Override
    public List<Notice> poll() {
        List<Notice> notices = new ArrayList<>(undeleted);
        undeleted.clear();
        String who = others.poll();
        if (who != null) {
            notices.add(
                    who.isEmpty()
                            ? new Notice.WatchFailed("no answer")
                            : new Notice.ChangedByOthers(who, 0, List.of()));
        }
        return notices;
    }

    @Override
    public boolean isWatched() {
        return watched;
    }

    /** Returns this object as a backend. */
    public Backend<Rules, Edits> backend() {
        return new Backend<>(this, this);
    }
}

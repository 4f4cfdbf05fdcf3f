package io.fairlead.cli;

import io.fairlead.agent.conntrack.TableFill;
import io.fairlead.agent.live.SyncLog;
import io.fairlead.agent.logging.LogLine;
import io.fairlead.agent.sync.ClusterSource;
import io.fairlead.agent.sync.PathWatch;
import io.fairlead.agent.sync.SyncLoop;
import io.fairlead.agent.sync.SyncReport;
import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.cluster.objects.ClusterReader;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The agent whose objects are in files: keeps the kernel in step with them until it is told to stop. */
final class FileFollower<R extends Ruleset, C extends Change> {
    private final Wiring wiring;
    private final Backend<R, C> backend;
    private final List<Path> sources;
    private final boolean recursive;
    private final Duration lookEvery;
    private final Duration recheckEvery;
    private final Supplier<List<LogLine>> afterFirstRound;
    private final Consumer<LogLine> log;
    private final TableFill connections = new TableFill();
    private boolean inOrder;
    private final Set<String> told = new HashSet<>();
    private final Set<ServiceName> quarantined = new HashSet<>();

    /**
     * Does nothing yet.
     *
     * @param lookEvery files are looked at this often, whatever the file system tells
     * @param recheckEvery the kernel is read this often; zero for never
     * @param afterFirstRound called once rules are in order, for what there is to say then
     */
    FileFollower(
            Wiring wiring,
            Backend<R, C> backend,
            List<Path> sources,
            boolean recursive,
            Duration lookEvery,
            Duration recheckEvery,
            Supplier<List<LogLine>> afterFirstRound,
            Consumer<LogLine> log) {
        this.wiring = wiring;
        this.backend = backend;
        this.sources = List.copyOf(sources);
        this.recursive = recursive;
        this.lookEvery = lookEvery;
        this.recheckEvery = recheckEvery;
        this.afterFirstRound = afterFirstRound;
        this.log = log;
    }

    /** Runs until a signal comes or this thread is interrupted. */
    void run() throws IOException {
        ClusterReader reader = new ClusterReader(recursive, true, InputStream.nullInputStream());
        List<String> paths = sources.stream().map(Path::toString).toList();
        String nodeName = wiring.nodeName();
        SyncLoop<R, C> loop = new SyncLoop<>(
                backend,
                ClusterSource.of(() -> reader.read(paths)),
                () -> wiring.config().settings(wiring.mode(), nodeName, wiring.addresses()),
                wiring.time());
        try (PathWatch watch = new PathWatch(sources, recursive);
                StopSignal signal = new StopSignal(Thread.currentThread(), watch)) {
            log.accept(LogLine.info("started: " + wiring.mode().text() + ", node " + nodeName + ", sources "
                    + String.join(", ", paths)));
            rounds(loop, watch, signal);
            // Inside: once the signal is let go, the process may be gone before it has said so.
            log.accept(LogLine.info("stopped; the rules stay"));
        }
    }

    private void rounds(SyncLoop<?, ?> loop, PathWatch watch, StopSignal signal) {
        Duration minimum = wiring.config().rules(wiring.mode()).minSyncPeriod();
        Duration retry = wiring.config().rules(wiring.mode()).syncPeriod();
        long rechecked = wiring.time().nanoTime();
        boolean recheck = false;
        try {
            while (!signal.stopped()) {
                tell(loop.sync(recheck));
                loop.news().forEach(line -> log.accept(LogLine.info(line)));
                if (!inOrder && !loop.isBehind()) {
                    inOrder = true;
                    afterFirstRound.get().forEach(log);
                }
                rechecked = recheck ? wiring.time().nanoTime() : rechecked;
                if (wiring.isHere()) {
                    connections.look().map(LogLine::warning).ifPresent(log);
                }
                TimeUnit.NANOSECONDS.sleep(
                        Math.max(minimum.toNanos(), loop.pause().toNanos()));
                loop.awaitWork(watch::await, loop.isBehind() && retry.compareTo(lookEvery) < 0 ? retry : lookEvery);
                recheck = !recheckEvery.isZero() && wiring.time().nanoTime() - rechecked >= recheckEvery.toNanos();
            }
        } catch (InterruptedException _) {
            // told to stop while waiting
        }
    }

    private void tell(SyncReport report) {
        if (report.input() != null) {
            tell(report.input());
        }
        report.quarantined().forEach((service, reason) -> {
            if (quarantined.add(service)) {
                log.accept(
                        LogLine.error("quarantine: Service " + service + " is left out until it changes: " + reason));
            }
        });
        quarantined.retainAll(report.quarantined().keySet());
        if (SyncLog.isWorthALine(report)) {
            log.accept(SyncLog.line(report));
        }
    }

    /** Problems of the input, each when it appears. */
    private void tell(ClusterInput input) {
        Set<String> now = new HashSet<>();
        for (Problem problem : input.problems()) {
            LogLine line = SyncLog.line(problem);
            now.add(line.message());
            if (told.add(line.message())) {
                log.accept(line);
            }
        }
        told.retainAll(now);
    }
}

package io.fairlead.agent.source;

import io.fairlead.agent.logging.AgentLog;
import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.cluster.objects.ClusterReader;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.cluster.watch.ClusterSink;
import io.fairlead.cluster.watch.EventSink;
import io.fairlead.core.cluster.ClusterState;
import io.fairlead.linux.time.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A source that reads objects from files and folders. The files are read when the file system reports a change, and
 * also at intervals, because some file systems do not report changes. Only the differences from the last read are
 * delivered.
 */
public final class FileSource implements ClusterSource {
    private static final Logger LOG = AgentLog.LOG;
    private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(5);

    private final List<Path> paths;
    private final Duration every;
    private final ClusterSink sink;
    private final TimeSource time;
    private final ClusterReader reader;
    private final PathWatch watch;
    private final Thread thread;
    private final Set<Problem> reported = new HashSet<>();
    private ClusterState state = ClusterState.EMPTY;
    private volatile @Nullable ClusterInput last;
    private volatile @Nullable Instant lastRead;
    private volatile String failure = "";

    /**
     * Creates the source. Nothing is read before {@link #start}.
     *
     * @param recursive whether subfolders are read too
     * @param every the interval at which the files are read if the file system reports no change
     * @throws IOException if the files cannot be watched, for example because the system's limit of file notifications
     *     is reached
     */
    public FileSource(List<Path> paths, boolean recursive, Duration every, ClusterSink sink, TimeSource time)
            throws IOException {
        this.paths = List.copyOf(paths);
        this.every = every;
        this.sink = sink;
        this.time = time;
        this.reader = new ClusterReader(recursive, true, InputStream.nullInputStream());
        this.watch = new PathWatch(paths, recursive, time);
        this.thread = Thread.ofPlatform().name("files").daemon().unstarted(this::run);
    }

    @Override
    public String name() {
        return "sources " + names(paths).collect(Collectors.joining(", "));
    }

    private static Stream<String> names(List<Path> paths) {
        return paths.stream().map(Path::toString);
    }

    @Override
    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                read();
                watch.await(every);
            }
        } catch (InterruptedException _) {
            // The source was closed.
        }
    }

    /**
     * Reads all files once and delivers the changed objects. If reading fails, nothing is delivered, and the failure is
     * logged unless the last read failed with the same message.
     */
    void read() {
        try {
            follow(reader.read(names(paths).toList()));
        } catch (IOException e) {
            failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) { // This thread must not end: no other thread reads files.
            failed("unexpected exception: " + e);
        }
    }

    private void follow(ClusterInput input) {
        deliver(input);
        boolean first = last == null;
        last = input;
        lastRead = time.instant();
        if (!failure.isEmpty()) {
            LOG.info("reading {} again", name());
            failure = "";
        }
        if (first) {
            sink.synced();
        }
    }

    private void failed(String message) {
        if (!message.equals(failure)) {
            LOG.error(
                    "cannot read objects: {}; keeping current rules, retrying within {} s", message, every.toSeconds());
        }
        failure = message;
    }

    /** Delivers the differences from the last read. Each problem is delivered only when it first appears. */
    private void deliver(ClusterInput input) {
        Set<Problem> now = new HashSet<>(input.problems());
        input.problems().stream().filter(reported::add).forEach(sink::problem);
        reported.retainAll(now);
        List<ClusterChange> changes = ClusterChange.between(state, input.state());
        if (!changes.isEmpty()) {
            sink.changed(changes);
        }
        state = input.state();
    }

    @Override
    public boolean isSynced() {
        return last != null;
    }

    @Override
    public Optional<Duration> age() {
        Instant read = lastRead;
        return read == null ? Optional.empty() : Optional.of(Duration.between(read, time.instant()));
    }

    @Override
    public List<Detail> details() {
        ClusterInput input = last;
        String objects = input == null ? "not read yet" : input.counts().text();
        return List.of(new Detail("objects", objects + (failure.isEmpty() ? "" : "; failing: " + failure)));
    }

    @Override
    public List<Problem> problems() {
        ClusterInput input = last;
        return input == null ? List.of() : input.problems();
    }

    @Override
    public boolean hasNodes() {
        return false;
    }

    @Override
    public EventSink events() {
        return EventSink.NONE;
    }

    @Override
    public void close() {
        try {
            watch.close();
            thread.interrupt();
            if (thread.isAlive()) {
                thread.join(PATIENCE_AT_CLOSE);
            }
        } catch (IOException e) {
            LOG.debug("cannot close the watch over {}: {}", name(), e.toString());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

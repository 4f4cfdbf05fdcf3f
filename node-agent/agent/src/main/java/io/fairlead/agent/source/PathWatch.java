package io.fairlead.agent.source;

import io.fairlead.cluster.objects.ClusterReader;
import io.fairlead.linux.time.TimeSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Wakes up when objects under some paths may have changed. It is only a hint: some file systems have no notifications,
 * so the caller also polls. Other files in the same folders, such as a log, are ignored.
 */
public final class PathWatch implements Closeable {
    /** If no further event comes for this long after the first, a burst of changes has ended. */
    private static final Duration QUIET = Duration.ofMillis(20);

    private static final int MOST_QUIET_WAITS = 50;

    /** The limit of links that the kernel follows in one path. */
    private static final int MOST_LINKS = 40;

    /** A folder of a ConfigMap or Secret is changed by replacing a link whose name starts like this. */
    private static final String OF_A_VOLUME = "..";

    private final List<Path> paths;
    private final boolean recursive;
    private final TimeSource time;
    private final WatchService service;
    private final Map<WatchKey, Path> folders = new HashMap<>();
    /** The given files and folders, and the links in their paths. */
    private final Set<Path> named = new HashSet<>();

    private final Set<Path> links = new HashSet<>();
    /** Whether a link may now point to another folder. */
    private boolean turned;

    private int ignored;

    /**
     * Starts to watch.
     *
     * @param paths files or folders
     * @param recursive whether folders inside folders are watched too
     * @throws IOException if the limit of file notifications of the system is reached
     */
    @SuppressWarnings("StreamResourceLeak")
    public PathWatch(List<Path> paths, boolean recursive, TimeSource time) throws IOException {
        this.paths = paths.stream().map(Path::toAbsolutePath).toList();
        this.recursive = recursive;
        this.time = time;
        this.service = Path.of("/").getFileSystem().newWatchService();
        register();
    }

    /**
     * Waits for an event or for the time to pass.
     *
     * @return true if there was an event
     */
    public boolean await(Duration most) throws InterruptedException {
        try {
            long until = time.nanoTime() + most.toNanos();
            boolean sign = false;
            for (long left = most.toNanos(); !sign && left >= 0; left = until - time.nanoTime()) {
                WatchKey key = service.poll(left, TimeUnit.NANOSECONDS);
                if (key == null) {
                    break;
                }
                sign = isSign(key);
            }
            for (int i = 0; sign && i < MOST_QUIET_WAITS; i++) {
                WatchKey key = service.poll(QUIET.toNanos(), TimeUnit.NANOSECONDS);
                if (key == null) {
                    break;
                }
                isSign(key);
            }
            register();
            return sign;
        } catch (ClosedWatchServiceException _) {
            throw new InterruptedException("the watch was closed");
        } catch (IOException _) {
            return false; // the caller's own reading says more about a path that cannot be read
        }
    }

    /** Returns how many events were about other files. */
    int ignored() {
        return ignored;
    }

    /** Handles the events of one folder. Returns whether one of them concerns the paths. */
    private boolean isSign(WatchKey key) {
        Path folder = folders.get(key);
        boolean sign = folder == null;
        for (WatchEvent<?> event : key.pollEvents()) {
            boolean matters =
                    !(event.context() instanceof Path name) || mayChangeObjects(Objects.requireNonNull(folder), name);
            ignored += matters ? 0 : 1;
            sign |= matters;
        }
        if (!key.reset()) {
            folders.remove(key);
            return true;
        }
        return sign;
    }

    private boolean mayChangeObjects(Path folder, Path name) {
        Path changed = folder.resolve(name);
        if (named.contains(changed) || name.toString().startsWith(OF_A_VOLUME)) {
            turned |= links.contains(changed);
            return true;
        }
        return paths.stream()
                .filter(path -> folder.startsWith(path) && Files.isDirectory(path))
                .anyMatch(path -> ClusterReader.isObjectFile(path.relativize(changed))
                        || (recursive && (Files.isDirectory(changed) || folders.containsValue(changed))));
    }

    /** Watches new folders too. A file is watched through its folder, because editors replace files. */
    private void register() throws IOException {
        Set<WatchKey> before = turned ? Set.copyOf(folders.keySet()) : Set.of();
        if (turned) {
            folders.clear();
            turned = false;
        }
        named.clear();
        links.clear();
        for (Path path : paths) {
            name(path, 0);
        }
        for (Path path : named) {
            register(path.getParent() == null ? path : path.getParent());
        }
        for (Path path : paths) {
            if (!Files.isDirectory(path)) {
                continue;
            }
            if (recursive) {
                Path start = path.toRealPath();
                Files.walkFileTree(start, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                            throws IOException {
                        register(path.resolve(start.relativize(folder)));
                        return FileVisitResult.CONTINUE;
                    }
                });
            } else {
                register(path);
            }
        }
        before.stream().filter(key -> !folders.containsKey(key)).forEach(WatchKey::cancel);
    }

    /** Adds a path, and each link in it. */
    private void name(Path path, int followed) throws IOException {
        Path at = path.getRoot();
        for (Path part : path) {
            at = at.resolve(part);
            if (followed < MOST_LINKS && Files.isSymbolicLink(at)) {
                named.add(at);
                links.add(at);
                Path target = at.resolveSibling(Files.readSymbolicLink(at)).resolve(at.relativize(path));
                name(target.normalize(), followed + 1);
                return;
            }
        }
        named.add(path);
    }

    private void register(Path folder) throws IOException {
        if (Files.isDirectory(folder) && !folders.containsValue(folder)) {
            folders.put(
                    folder.register(
                            service,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE),
                    folder);
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}

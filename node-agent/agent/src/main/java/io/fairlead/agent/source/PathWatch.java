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
 * Waits for changes of object files under some paths. The caller must also read the files at intervals, because some
 * file systems have no change notifications. Changes of other files in the same folders, such as a log, are ignored.
 */
public final class PathWatch implements Closeable {
    /** The time without further events after which a series of changes has ended. */
    private static final Duration QUIET = Duration.ofMillis(20);

    private static final int MOST_QUIET_WAITS = 50;

    /** The largest number of symbolic links in one path that the kernel follows. */
    private static final int MOST_LINKS = 40;

    /**
     * The start of the names of symbolic links that Kubernetes replaces when it changes a mounted ConfigMap or Secret.
     */
    private static final String OF_A_VOLUME = "..";

    private final List<Path> paths;
    private final boolean recursive;
    private final TimeSource time;
    private final WatchService service;
    private final Map<WatchKey, Path> folders = new HashMap<>();
    /** The watched files and folders, and the symbolic links in their paths. */
    private final Set<Path> named = new HashSet<>();

    private final Set<Path> links = new HashSet<>();
    /** Whether a symbolic link has changed and may point to another folder. */
    private boolean turned;

    private int ignored;

    /**
     * Creates the watch and starts to collect events.
     *
     * @param paths files or folders
     * @param recursive whether subfolders are watched too
     * @throws IOException if the paths cannot be watched, for example because the system's limit of file notifications
     *     is reached
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
     * Waits until there is an event for the paths or the time has passed.
     *
     * @return whether there was an event; false if a folder cannot be watched
     * @throws InterruptedException if this thread is interrupted, or the watch is closed
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
            return false; // the caller reports a better error when it reads the files
        }
    }

    /** Returns the number of events for other files, which were ignored. */
    int ignored() {
        return ignored;
    }

    /** Handles the events of one folder. Returns whether an event concerns the watched paths. */
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

    /**
     * Registers all folders that are not watched yet. A file is watched through its folder, because editors replace
     * files instead of changing them.
     */
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

    /** Adds a path, and each symbolic link in the path, to the watched names. */
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

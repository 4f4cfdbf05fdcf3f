package io.fairlead.agent.sync;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Wakes up when something may have changed under some paths. It is only a hint: file systems without notification exist, so
 * the caller also looks by itself from time to time.
 */
public final class PathWatch implements Closeable {
    /** After a first sign, this long without another one is taken as the end of a burst. */
    private static final Duration QUIET = Duration.ofMillis(20);

    private static final int MOST_QUIET_WAITS = 50;

    private final List<Path> paths;
    private final boolean recursive;
    private final WatchService service;
    private final Set<Path> watched = new HashSet<>();

    /**
     * Watches from now on.
     *
     * @param paths files or folders
     * @param recursive whether folders inside folders are watched too
     * @throws IOException if the system has no notification left to give
     */
    @SuppressWarnings("StreamResourceLeak")
    public PathWatch(List<Path> paths, boolean recursive) throws IOException {
        this.paths = List.copyOf(paths);
        this.recursive = recursive;
        this.service = Path.of("/").getFileSystem().newWatchService();
        register();
    }

    /**
     * Waits for a sign or for the time to pass.
     *
     * @return true if there was a sign
     */
    public boolean await(Duration most) throws InterruptedException {
        try {
            WatchKey key = service.poll(most.toNanos(), TimeUnit.NANOSECONDS);
            boolean sign = key != null;
            for (int i = 0; key != null && i < MOST_QUIET_WAITS; i++) {
                key.pollEvents();
                if (!key.reset()) {
                    watched.clear();
                }
                key = service.poll(QUIET.toNanos(), TimeUnit.NANOSECONDS);
            }
            if (key != null) {
                key.pollEvents();
                key.reset();
            }
            register();
            return sign;
        } catch (ClosedWatchServiceException _) {
            throw new InterruptedException("the watch was closed");
        } catch (IOException _) {
            return false; // the caller's own look says more about a path that cannot be read
        }
    }

    /** New folders are watched too; a file is watched through its folder, because editors replace files. */
    private void register() throws IOException {
        for (Path path : paths) {
            Path absolute = path.toAbsolutePath();
            if (!Files.isDirectory(absolute)) {
                register(absolute.getParent() == null ? absolute : absolute.getParent());
            } else if (recursive) {
                Files.walkFileTree(absolute, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                            throws IOException {
                        register(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
            } else {
                register(absolute);
            }
        }
    }

    private void register(Path folder) throws IOException {
        if (Files.isDirectory(folder) && watched.add(folder)) {
            folder.register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}

package io.fairlead.config;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Reports when the content of a configuration file changes (CFG-10). The file is read and compared at intervals. This
 * also notices a changed ConfigMap, which Kubernetes mounts behind a symbolic link that it replaces, without following
 * the links.
 */
public final class ConfigFileWatch implements Closeable {
    private final Path file;
    private final String content;
    private final Runnable changed;
    private final ScheduledExecutorService thread;

    private ConfigFileWatch(Path file, String content, Runnable changed) {
        this.file = file;
        this.content = content;
        this.changed = changed;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("config-file").daemon().factory());
    }

    /**
     * Starts polling.
     *
     * @param content the content of the file when it was last read
     * @param every the interval between two polls
     * @param changed called in the thread of this watch when a poll finds another content. Polling then ends
     */
    public static ConfigFileWatch start(Path file, String content, Duration every, Runnable changed) {
        ConfigFileWatch watch = new ConfigFileWatch(file, content, changed);
        var _ = watch.thread.scheduleWithFixedDelay(
                watch::poll, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /**
     * Compares the file with the known content. A missing or empty file is ignored, because another process may be
     * replacing or writing it.
     */
    private void poll() {
        try {
            String now = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            if (!now.isEmpty() && !now.equals(content)) {
                thread.shutdown();
                changed.run();
            }
        } catch (IOException _) {
            // The next poll reads the file again.
        }
    }
}

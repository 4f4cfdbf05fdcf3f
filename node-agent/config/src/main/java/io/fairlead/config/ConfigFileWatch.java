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
 * Notices that a configuration file is not what was read from it any more (CFG-10). Its content is compared, at
 * intervals: a ConfigMap is replaced by turning a symbolic link in a folder above, of which notifications about the
 * file say nothing.
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
     * Watches from now on.
     *
     * @param content what was read
     * @param changed is called once, on a thread of this watch
     */
    public static ConfigFileWatch start(Path file, String content, Duration every, Runnable changed) {
        ConfigFileWatch watch = new ConfigFileWatch(file, content, changed);
        var _ = watch.thread.scheduleWithFixedDelay(
                watch::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** A file that is away for a moment is being replaced; one that stays away has nothing new to say. */
    private void look() {
        try {
            if (!content.equals(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))) {
                thread.shutdown();
                changed.run();
            }
        } catch (IOException _) {
            // looked at again
        }
    }
}

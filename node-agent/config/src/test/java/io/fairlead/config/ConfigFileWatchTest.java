package io.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests statement CFG-10 of docs/behaviour.md. */
@Timeout(30)
final class ConfigFileWatchTest {
    private static final Duration OFTEN = Duration.ofMillis(10);

    @TempDir
    Path folder;

    private final CountDownLatch changed = new CountDownLatch(1);

    private ConfigFileWatch watch(Path file) throws IOException {
        return ConfigFileWatch.start(file, Files.readString(file), OFTEN, changed::countDown);
    }

    @Test
    void noticesAWrite() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("config"), "a");
        try (ConfigFileWatch _ = watch(file)) {
            Files.writeString(file, "b");

            assertThat(changed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void noticesAReplacement() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("config"), "a");
        try (ConfigFileWatch _ = watch(file)) {
            Files.move(
                    Files.writeString(folder.resolve("new"), "b"),
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);

            assertThat(changed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /**
     * Replaces the file as the kubelet replaces the files of a ConfigMap. The file is a symbolic link whose target is
     * reached through another link, and the other link is changed.
     */
    @Test
    void noticesALinkAboveThatTurns() throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("v1"));
        Files.createDirectories(folder.resolve("v2"));
        Files.writeString(folder.resolve("v1/config"), "a");
        Files.writeString(folder.resolve("v2/config"), "b");
        Path data = Files.createSymbolicLink(folder.resolve("data"), Path.of("v1"));
        Path file = Files.createSymbolicLink(folder.resolve("config"), Path.of("data/config"));
        try (ConfigFileWatch _ = watch(file)) {
            Path fresh = Files.createSymbolicLink(folder.resolve("fresh"), Path.of("v2"));
            Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

            assertThat(changed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theSameContentIsNoChangeAndNeitherIsAFileThatIsAwayForAMoment() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("config"), "a");
        try (ConfigFileWatch _ = watch(file)) {
            Files.delete(file);
            assertThat(changed.await(200, TimeUnit.MILLISECONDS)).isFalse();
            Files.createFile(file);
            assertThat(changed.await(200, TimeUnit.MILLISECONDS)).isFalse();
            Files.writeString(file, "a");
            assertThat(changed.await(200, TimeUnit.MILLISECONDS)).isFalse();
            Files.writeString(file, "c");
            assertThat(changed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}

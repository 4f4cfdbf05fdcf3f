package io.fairlead.agent.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class PathWatchTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(100);

    @TempDir
    Path folder;

    @Test
    void seesNewAndChangedFilesOfAFolder() throws IOException, InterruptedException {
        try (PathWatch watch = new PathWatch(List.of(folder), false)) {
            assertThat(watch.await(SHORT)).isFalse();

            Files.writeString(folder.resolve("a.yaml"), "a");
            assertThat(watch.await(LONG)).isTrue();

            Files.writeString(folder.resolve("a.yaml"), "b");
            assertThat(watch.await(LONG)).isTrue();
            assertThat(watch.await(SHORT)).isFalse();
        }
    }

    @Test
    void seesThatAFileWasReplacedAsEditorsDo() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "a");
        try (PathWatch watch = new PathWatch(List.of(file), false)) {
            Path fresh = Files.writeString(folder.resolve(".a.yaml.swp"), "b");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);

            assertThat(watch.await(LONG)).isTrue();
        }
    }

    @Test
    void followsFoldersThatAppear() throws IOException, InterruptedException {
        try (PathWatch watch = new PathWatch(List.of(folder), true)) {
            Path inner = Files.createDirectory(folder.resolve("inner"));
            assertThat(watch.await(LONG)).isTrue();

            Files.writeString(inner.resolve("a.yaml"), "a");
            assertThat(watch.await(LONG)).isTrue();
        }
    }

    @Test
    void aFolderThatIsNotThereYetIsNoError() throws IOException, InterruptedException {
        try (PathWatch watch = new PathWatch(List.of(folder.resolve("later/a.yaml")), false)) {
            assertThat(watch.await(SHORT)).isFalse();
        }
    }

    @Test
    void closingEndsTheWait() throws IOException {
        PathWatch watch = new PathWatch(List.of(folder), false);
        Thread.ofPlatform().start(() -> {
            try {
                Thread.sleep(SHORT);
                watch.close();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        assertThatThrownBy(() -> watch.await(LONG)).isInstanceOf(InterruptedException.class);
    }
}

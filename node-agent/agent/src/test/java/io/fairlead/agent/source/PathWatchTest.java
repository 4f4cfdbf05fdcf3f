package io.fairlead.agent.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.linux.time.SystemTime;
import io.fairlead.linux.time.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class PathWatchTest {
    private static final TimeSource TIME = new SystemTime();
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void reportsNewAndChangedFilesOfAFolder() throws IOException, InterruptedException {
        try (PathWatch watch = new PathWatch(List.of(folder), false, TIME)) {
            assertThat(watch.await(Duration.ZERO)).isFalse();

            Files.writeString(folder.resolve("a.yaml"), "a");
            assertThat(watch.await(LONG)).isTrue();

            Files.writeString(folder.resolve("a.yaml"), "b");
            assertThat(watch.await(LONG)).isTrue();
            assertThat(watch.await(Duration.ZERO)).isFalse();
        }
    }

    @Test
    void reportsAFileThatAnEditorReplaced() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "a");
        try (PathWatch watch = new PathWatch(List.of(file), false, TIME)) {
            Path fresh = Files.writeString(folder.resolve(".a.yaml.swp"), "b");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);

            assertThat(watch.await(LONG)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ignoresOtherFilesOfTheFolder(boolean folderItself) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "a");
        try (PathWatch watch = new PathWatch(List.of(folderItself ? folder : file), false, TIME)) {
            for (String other : List.of("agent.log", ".a.yaml.swp", "a.yaml~", "4913", "b.yaml.part")) {
                Files.writeString(folder.resolve(other), "x");
            }
            Files.writeString(file, "b");
            // The events of a watch arrive in their order. Therefore the events of the other files have arrived before
            // this event.
            assertThat(watch.await(LONG)).isTrue();
            assertThat(watch.ignored()).isGreaterThanOrEqualTo(5);
        }
    }

    /**
     * Replaces a volume as the kubelet does: the files are symbolic links through the link "..data", which is replaced.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void reportsThatAVolumeOfAConfigMapWasReplaced(boolean folderItself) throws IOException, InterruptedException {
        Path file = folder.resolve("a.yaml");
        for (String version : List.of("..1", "..2", "..3")) {
            Files.writeString(Files.createDirectory(folder.resolve(version)).resolve("a.yaml"), version);
        }
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(file, Path.of("..data/a.yaml"));
        try (PathWatch watch = new PathWatch(List.of(folderItself ? folder : file), false, TIME)) {
            for (String version : List.of("..2", "..3")) {
                Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of(version));
                Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
                assertThat(watch.await(LONG)).isTrue();
            }
        }
    }

    /** Tests symbolic links with other names than "..data". */
    @Test
    void followsReplacedLinks() throws IOException, InterruptedException {
        Path one = Files.createDirectories(folder.resolve("releases/1"));
        Path two = Files.createDirectories(folder.resolve("releases/2"));
        Files.writeString(one.resolve("a.yaml"), "1");
        Files.writeString(two.resolve("a.yaml"), "2");
        Path current = Files.createSymbolicLink(folder.resolve("current"), one);
        try (PathWatch watch = new PathWatch(List.of(current), false, TIME);
                PathWatch ofFile = new PathWatch(List.of(current.resolve("a.yaml")), false, TIME)) {
            Path link = Files.createSymbolicLink(folder.resolve("next"), two);
            Files.move(link, current, StandardCopyOption.ATOMIC_MOVE);
            assertThat(watch.await(LONG)).isTrue();
            assertThat(ofFile.await(LONG)).isTrue();

            Files.writeString(two.resolve("a.yaml"), "3");
            assertThat(watch.await(LONG)).isTrue();
            assertThat(ofFile.await(LONG)).isTrue();
        }
    }

    @Test
    void followsNewFolders() throws IOException, InterruptedException {
        try (PathWatch watch = new PathWatch(List.of(folder), true, TIME)) {
            Path inner = Files.createDirectory(folder.resolve("inner"));
            assertThat(watch.await(LONG)).isTrue();

            Files.writeString(inner.resolve("a.yaml"), "a");
            assertThat(watch.await(LONG)).isTrue();
        }
    }

    @Test
    void acceptsAFolderThatDoesNotExistYet() throws IOException, InterruptedException {
        try (PathWatch watch = new PathWatch(List.of(folder.resolve("later/a.yaml")), false, TIME)) {
            assertThat(watch.await(Duration.ZERO)).isFalse();
        }
    }

    @Test
    void closeEndsTheWait() throws IOException {
        PathWatch watch = new PathWatch(List.of(folder), false, TIME);
        Thread test = Thread.currentThread();
        Thread.ofPlatform().start(() -> {
            while (test.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            try {
                watch.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        assertThatThrownBy(() -> watch.await(LONG)).isInstanceOf(InterruptedException.class);
    }
}

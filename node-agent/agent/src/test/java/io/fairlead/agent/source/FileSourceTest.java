package io.fairlead.agent.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.logging.CapturedLog;
import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.cluster.objects.PodNames;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.cluster.watch.ClusterSink;
import io.fairlead.linux.time.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileSourceTest {
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {clusterIP: %s, ports: [{port: 80}]}
            """;

    @TempDir
    Path folder;

    private final ManualTime time = new ManualTime();
    private final CapturedLog log = new CapturedLog(time);
    private final List<String> delivered = new ArrayList<>();
    private FileSource source;
    private boolean failing;

    @BeforeEach
    void open() throws IOException {
        source = new FileSource(List.of(folder), false, Duration.ofSeconds(10), new Sink(), time);
    }

    @AfterEach
    void close() {
        source.close();
        log.close();
    }

    private final class Sink implements ClusterSink {
        @Override
        public void changed(List<ClusterChange> changes) {
            if (failing) {
                throw new IllegalStateException("a fault");
            }
            delivered.add(changes.stream().map(ClusterChange::text).toList().toString());
        }

        @Override
        public void synced() {
            delivered.add("synced");
        }

        @Override
        public void problem(Problem problem) {
            delivered.add(problem.field() + ": " + problem.message());
        }

        @Override
        public void pods(Supplier<PodNames> names) {}
    }

    private void write(String name, String text) throws IOException {
        Path fresh = Files.writeString(folder.resolve("." + name), text);
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> read() {
        delivered.clear();
        source.read();
        return delivered;
    }

    @Test
    void deliversEverythingFirstAndThenWhatHasChanged() throws IOException {
        write("web.yaml", SERVICE.formatted("10.96.0.10"));
        assertThat(source.isSynced()).isFalse();
        assertThat(read()).containsExactly("[Service default/web]", "synced");
        assertThat(source.isSynced()).isTrue();

        assertThat(read()).isEmpty();

        write("web.yaml", SERVICE.formatted("10.96.0.11"));
        write("other.yaml", SERVICE.formatted("10.96.0.12").replace("name: web", "name: other"));
        assertThat(read()).as("together").containsExactly("[Service default/other, Service default/web]");

        Files.delete(folder.resolve("web.yaml"));
        assertThat(read()).containsExactly("[Service default/web (gone)]");
    }

    @Test
    void anEmptyFolderIsACompleteView() {
        assertThat(read()).containsExactly("synced");
    }

    @Test
    void deliversAProblemOnceAndAgainAfterItWasFixed() throws IOException {
        String broken = SERVICE.formatted("10.96.0.999");
        String problem = "spec.clusterIP: not an IP address: \"10.96.0.999\"; the object is left out";
        write("web.yaml", broken);
        assertThat(read()).containsExactly(problem, "synced");
        assertThat(read()).isEmpty();
        assertThat(source.problems()).hasSize(1);

        write("web.yaml", SERVICE.formatted("10.96.0.10"));
        assertThat(read()).containsExactly("[Service default/web]");
        assertThat(source.problems()).isEmpty();

        write("web.yaml", broken);
        assertThat(read()).containsExactly(problem, "[Service default/web (gone)]");
    }

    @Test
    void changesNothingWhileAPathCannotBeRead() throws IOException {
        write("web.yaml", SERVICE.formatted("10.96.0.10"));
        read();
        Path away = folder.resolveSibling(folder.getFileName() + "-away");
        Files.move(folder, away);
        time.advance(Duration.ofSeconds(30));

        assertThat(read()).isEmpty();
        assertThat(read()).isEmpty();
        assertThat(log.lines())
                .containsExactly("E cannot read objects: " + folder + "; keeping current rules, retrying within 10 s");
        assertThat(source.details().getFirst().text()).startsWith("1 Services").endsWith("; failing: " + folder);
        assertThat(source.age()).contains(Duration.ofSeconds(30));

        Files.move(away, folder);
        assertThat(read()).isEmpty();
        assertThat(log.lines()).last().isEqualTo("I reading sources " + folder + " again");
        assertThat(source.age()).contains(Duration.ZERO);
    }

    @Test
    void anUnexpectedExceptionEndsTheReadingButNotTheThread() throws IOException {
        write("web.yaml", SERVICE.formatted("10.96.0.10"));
        failing = true;
        assertThat(read()).isEmpty();
        assertThat(log.lines())
                .containsExactly("E cannot read objects: unexpected exception: java.lang.IllegalStateException: a"
                        + " fault; keeping current rules, retrying within 10 s");
        assertThat(source.isSynced()).isFalse();

        failing = false;
        assertThat(read()).as("what could not be delivered").containsExactly("[Service default/web]", "synced");
    }

    /** Tests a file that cannot be parsed, for example because another program is writing it. */
    @Test
    void keepsTheLastContentOfAnUnreadableFile() throws IOException {
        write("web.yaml", SERVICE.formatted("10.96.0.10"));
        read();

        write("web.yaml", "apiVersion: [");

        assertThat(read()).singleElement().asString().contains("not YAML");
        assertThat(source.problems()).hasSize(1);
    }
}

package io.fairlead.inspect.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.linux.node.NodeFacts;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SurfaceTest {
    private static final Map<String, String> FILES =
            Map.of("/proc/10/comm", "kube-proxy\n", "/proc/11/comm", "cilium-agent\n", "/proc/12/comm", "sh\n");
    private static final Map<String, String> LINKS = Map.of(
            "/proc/thread-self/ns/net", "net:[1]",
            "/proc/10/ns/net", "net:[2]",
            "/proc/11/ns/net", "net:[1]",
            "/proc/12/ns/net", "net:[1]");

    @Test
    void namesOnlyKnownProgramsOfThisNetworkNamespace() {
        SortedMap<String, String> files = new TreeMap<>();

        new Surface(new NodeFacts() {
                    @Override
                    public Optional<String> file(String path) {
                        return Optional.ofNullable(FILES.get(path));
                    }

                    @Override
                    public List<String> names(String folder) {
                        return folder.equals("/proc") ? List.of("10", "11", "12", "self") : List.of();
                    }

                    @Override
                    public Optional<String> link(String path) {
                        return Optional.ofNullable(LINKS.get(path));
                    }

                    @Override
                    public Optional<String> page(URI address) {
                        return Optional.empty();
                    }
                })
                .collect(Instant.EPOCH, files);

        assertThat(files).containsEntry(Bundle.PROGRAMS, "cilium-agent\n");
    }
}

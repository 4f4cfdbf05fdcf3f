package io.fairlead.inspect.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.inspect.FakeFacts;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SurfaceTest {

    @Test
    void namesOnlyKnownProgramsOfThisNetworkNamespace() {
        FakeFacts node = new FakeFacts();
        node.links.put("/proc/thread-self/ns/net", "net:[1]");
        process(node, "10", "kube-proxy", "net:[2]");
        process(node, "11", "cilium-agent", "net:[1]");
        process(node, "12", "sh", "net:[1]");
        node.files.put("/proc/self/comm", "kube-proxy\n");
        SortedMap<String, String> files = new TreeMap<>();

        new Surface(node).collect(Instant.EPOCH, files);

        assertThat(files).containsEntry(Bundle.PROGRAMS, "cilium-agent\n");
    }

    private static void process(FakeFacts node, String id, String name, String namespace) {
        node.files.put("/proc/" + id + "/comm", name + "\n");
        node.links.put("/proc/" + id + "/ns/net", namespace);
    }
}

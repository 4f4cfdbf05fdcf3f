package io.fairlead.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMetricsTest {
    @TempDir
    private Path proc;

    @Test
    void readsItsOwnProcess() {
        ProcessMetrics own = new ProcessMetrics(Path.of("/proc"));
        double now = Instant.now().getEpochSecond();

        assertThat(own.residentBytes().orElseThrow()).isBetween(1e7, 1e10);
        assertThat(own.cpuSeconds().orElseThrow()).isBetween(0.01, 1e5);
        assertThat(own.openFiles().orElseThrow()).isGreaterThan(3);
        assertThat(own.startSeconds().orElseThrow()).isBetween(now - 86_400, now + 60);
        assertThat(own.limit("Max open files").orElseThrow()).isGreaterThan(10);
    }

    @Test
    void readsWhatTheKernelWrites() throws IOException {
        Path self = Files.createDirectories(proc.resolve("self/net")).getParent();
        Files.writeString(
                self.resolve("stat"),
                "7 (a b) c) S 1 7 7 0 -1 4194560 1 2 3 4 250 50 0 0 20 0 1 0 1000 4096 5 18446\n");
        Files.writeString(proc.resolve("stat"), "cpu  1 2 3\nbtime 1700000000\n");
        Files.writeString(self.resolve("limits"), """
                Max open files            1024                 4096                 files
                Max address space         unlimited            unlimited            bytes
                """);
        Files.writeString(
                self.resolve("net/netstat"), "TcpExt: A B\nTcpExt: 1 2\nIpExt: InOctets OutOctets\nIpExt: 30 40\n");
        ProcessMetrics metrics = new ProcessMetrics(proc);

        assertThat(metrics.cpuSeconds()).hasValue(3.0);
        assertThat(metrics.startSeconds()).hasValue(1_700_000_010.0);
        assertThat(metrics.limit("Max open files")).hasValue(1024);
        assertThat(metrics.limit("Max address space")).hasValue(1.8446744073709552e19);
        assertThat(metrics.octets("OutOctets")).hasValue(40);
    }

    @Test
    void leavesOutWhatCannotBeRead() {
        ProcessMetrics metrics = new ProcessMetrics(proc);

        assertThat(metrics.cpuSeconds()).isEmpty();
        assertThat(metrics.openFiles()).isEmpty();
        assertThat(metrics.octets("InOctets")).isEmpty();
        assertThat(metrics.residentBytes()).isEmpty();
    }
}

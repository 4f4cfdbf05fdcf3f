package io.fairlead.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFillTest {
    @TempDir
    private Path folder;

    @Test
    void warnsOnceEachTimeThatTheTableBecomesFull() throws IOException {
        TableFill fill = new TableFill(folder);
        limit(1000);
        entries(949);
        assertThat(fill.warning()).isEmpty();

        entries(950);
        assertThat(fill.warning())
                .hasValueSatisfying(text ->
                        assertThat(text).contains("950 of at most 1000 entries (net.netfilter.nf_conntrack_max)"));
        entries(1000);
        assertThat(fill.warning()).isEmpty();

        entries(900);
        assertThat(fill.warning()).isEmpty();
        entries(1000);
        assertThat(fill.warning()).isEmpty();

        entries(799);
        assertThat(fill.warning()).isEmpty();
        entries(1000);
        assertThat(fill.warning()).isPresent();
    }

    @Test
    void doesNotWarnIfTheLimitIsUnknownOrThereIsNone() throws IOException {
        TableFill fill = new TableFill(folder);
        assertThat(fill.warning()).isEmpty();
        assertThat(fill.entries()).isZero();

        limit(0);
        entries(7);
        assertThat(fill.warning()).isEmpty();
        assertThat(fill.entries()).isEqualTo(7);
        assertThat(fill.limit()).isZero();
    }

    /** This test uses a file of the kernel, because only in such a file a second read returns nothing. */
    @Test
    void readsAllDigitsOfTheKernelsLimit() throws IOException, InterruptedException {
        Path kernel = Path.of("/proc/sys/net/netfilter/nf_conntrack_max");
        Assumptions.assumeTrue(Files.exists(kernel), "the kernel has no connection tracking");
        Process cat = new ProcessBuilder("cat", kernel.toString()).start();
        String limit = new String(cat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        assertThat(cat.waitFor()).isZero();

        assertThat(new TableFill().limit()).isEqualTo(Long.parseLong(limit));
    }

    private void entries(long number) throws IOException {
        Files.writeString(folder.resolve("nf_conntrack_count"), number + "\n");
    }

    private void limit(long number) throws IOException {
        Files.writeString(folder.resolve("nf_conntrack_max"), number + "\n");
    }
}

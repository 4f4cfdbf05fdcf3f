package io.fairlead.agent.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFillTest {
    @TempDir
    private Path folder;

    @Test
    void aFullTableIsToldOnceEachTime() throws IOException {
        TableFill fill = new TableFill(folder);
        limit(1000);
        entries(949);
        assertThat(fill.look()).isEmpty();

        entries(950);
        assertThat(fill.look())
                .hasValueSatisfying(text ->
                        assertThat(text).contains("950 of at most 1000 entries (net.netfilter.nf_conntrack_max)"));
        entries(1000);
        assertThat(fill.look()).isEmpty();

        entries(900);
        assertThat(fill.look()).isEmpty();
        entries(1000);
        assertThat(fill.look()).isEmpty();

        entries(799);
        assertThat(fill.look()).isEmpty();
        entries(1000);
        assertThat(fill.look()).isPresent();
    }

    @Test
    void nothingIsSaidWhereNothingIsKnownOrThereIsNoLimit() throws IOException {
        TableFill fill = new TableFill(folder);
        assertThat(fill.look()).isEmpty();
        assertThat(fill.entries()).isZero();

        limit(0);
        entries(7);
        assertThat(fill.look()).isEmpty();
        assertThat(fill.entries()).isEqualTo(7);
        assertThat(fill.limit()).isZero();
    }

    private void entries(long number) throws IOException {
        Files.writeString(folder.resolve("nf_conntrack_count"), number + "\n");
    }

    private void limit(long number) throws IOException {
        Files.writeString(folder.resolve("nf_conntrack_max"), number + "\n");
    }
}

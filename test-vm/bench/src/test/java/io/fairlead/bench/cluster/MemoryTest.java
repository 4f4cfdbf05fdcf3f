package io.fairlead.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MemoryTest {

    @Test
    void pagesOfFilesCountWholeAndOthersByTheirShare() {
        assertThat(Memory.sum("""
                7f0000000000-7f0000100000 r-xp 00000000 fe:00 1234                       /usr/lib/libjvm.so
                Size:               1024 kB
                Rss:                1000 kB
                Pss:                 500 kB
                Pss_Dirty:            20 kB
                7f0000200000-7f0000300000 rw-p 00000000 00:00 0
                Rss:                 300 kB
                Pss:                 200 kB
                7fff00000000-7fff00021000 rw-p 00000000 00:00 0                          [stack]
                Rss:                  30 kB
                Pss:                   3 kB
                """.lines().toList())).isEqualTo(1000 + 200 + 3);
    }

    @Test
    void aProcessThatRunsHasSome() {
        assertThat(Memory.of(ProcessHandle.current()).mib()).isBetween(10L, 10_000L);
    }
}

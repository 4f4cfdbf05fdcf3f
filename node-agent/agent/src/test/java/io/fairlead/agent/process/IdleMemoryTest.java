package io.fairlead.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.process.IdleMemory.Piece;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdleMemoryTest {
    private static final int LENGTH = 1 << 20;

    @TempDir
    private Path folder;

    @Test
    void releasesOnlyMappingsThatEqualTheirFiles() {
        List<String> smaps = """
                800001000-800003000 rw-p 00001000 fe:00 10281293                         /opt/archive.aot
                Rss:                   8 kB
                Anonymous:             0 kB
                800003000-800007000 r--p 0182a000 fe:00 10281293                         /opt/archive.aot
                Rss:                  16 kB
                Anonymous:             0 kB
                VmFlags: rd mr mw me sd
                7f6b1000-7f6b3000 r--p 01680000 fe:00 315638                     /opt/lib/with relocations.so
                Anonymous:           940 kB
                7f6b3000-7f6b4000 r-xp 002e3000 fe:00 315638                     /opt/lib/with relocations.so
                Anonymous:             0 kB
                7f6b4000-7f6b6000 ---p 00000000 00:00 0
                Anonymous:             0 kB
                7f6b6000-7f6b8000 r--p 00000000 00:00 0                          [vvar]
                Anonymous:             0 kB
                7f6b8000-7f6b9000 r--s 00000000 00:05 77                         /memfd:x (deleted)
                Anonymous:            10 kB
                ffffffffff600000-ffffffffff601000 r-xp 00000000 00:00 0                  [vsyscall]
                Anonymous:             0 kB
                """.lines().toList();

        assertThat(IdleMemory.unchanged(smaps))
                .containsExactly(
                        new Piece(0x800003000L, 0x4000, "/opt/archive.aot"),
                        new Piece(0x7f6b3000L, 0x1000, "/opt/lib/with relocations.so"));
    }

    @Test
    void releasedPagesOfAFileAreMappedAgain() throws IOException {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/smaps")), "this system has no /proc/self/smaps");
        byte[] content = new byte[LENGTH];
        content[LENGTH - 1] = 7;
        Path file = Files.write(folder.resolve("mapped"), content);
        try (FileChannel channel = FileChannel.open(file)) {
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, LENGTH);
            mapped.load();
            assertThat(residentKilobytes(file)).isEqualTo(LENGTH >> 10);

            IdleMemory.release();

            assertThat(residentKilobytes(file)).isZero();
            assertThat(mapped.get(LENGTH - 1)).isEqualTo((byte) 7);
        }
    }

    private static int residentKilobytes(Path file) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
        int at = 0;
        while (!lines.get(at).endsWith(" " + file)) {
            at++;
        }
        while (!lines.get(at).startsWith("Rss:")) {
            at++;
        }
        return Integer.parseInt(lines.get(at).replaceAll("\\D", ""));
    }
}

package io.fairlead.linux.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Tests reading a file below /proc/sys, where a second read returns nothing. */
final class KernelFileTest {

    @Test
    void readsAllDigitsOfANumber() throws IOException {
        Path file = Path.of("/proc/sys/kernel/threads-max");

        String read = KernelFile.read(file);

        assertThat(read).isEqualTo(Files.readAllLines(file).getFirst()).matches("\\d{2,}");
    }
}

package io.fairlead.agent.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A kernel's own file, which ends where an ordinary one would go on. */
final class KernelFileTest {

    @Test
    void aNumberOfTheKernelIsReadToItsLastDigit() throws IOException {
        Path file = Path.of("/proc/sys/kernel/threads-max");

        String read = KernelFile.read(file);

        assertThat(read).isEqualTo(Files.readAllLines(file).getFirst()).matches("\\d{2,}");
    }
}

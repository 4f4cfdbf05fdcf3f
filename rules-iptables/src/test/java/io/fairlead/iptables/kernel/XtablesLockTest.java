package io.fairlead.iptables.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XtablesLockTest {
    @TempDir
    private Path folder;

    private XtablesLock lock;
    private String place;

    @BeforeEach
    void create() throws IOException {
        Path file = Files.createFile(folder.resolve("xtables.lock"));
        lock = new XtablesLock(file, Files.createDirectory(folder.resolve("proc")));
        long device = ((Number) Files.getAttribute(file, "unix:dev")).longValue();
        place = String.format(
                Locale.ROOT,
                "%02x:%02x:%s",
                (device >> 8) & 0xfff,
                (device & 0xff) | ((device >> 12) & 0xfff00),
                Files.getAttribute(file, "unix:ino"));
    }

    @Test
    void namesWhoHasItAndNotWhoWaits() throws IOException {
        process("812", "firewalld");
        process("813", "docker");
        locks("""
                1: POSIX  ADVISORY  WRITE 700 %1$s 0 EOF
                2: FLOCK  ADVISORY  WRITE 701 00:18:1 0 EOF
                3: FLOCK  ADVISORY  WRITE 812 %1$s 0 EOF
                3: -> FLOCK  ADVISORY  WRITE 813 %1$s 0 EOF
                """);

        assertThat(lock.holder()).hasValue("firewalld (812)");
    }

    @Test
    void aProcessThatCannotBeSeenIsANumber() throws IOException {
        locks("1: FLOCK  ADVISORY  WRITE 812 %s 0 EOF\n");

        assertThat(lock.holder()).hasValue("process 812, which has ended or is in another container");
    }

    @Test
    void nobodyHasIt() throws IOException {
        locks("1: FLOCK  ADVISORY  WRITE 812 00:18:1 0 EOF\n");

        assertThat(lock.holder()).isEmpty();
    }

    @Test
    void nobodyIsNamedWhereTheKernelDoesNotTell() {
        assertThat(lock.holder()).isEmpty();
        assertThat(new XtablesLock(folder.resolve("none"), Path.of("/proc")).holder())
                .isEmpty();
    }

    private void locks(String lines) throws IOException {
        Files.writeString(lock.proc().resolve("locks"), lines.formatted(place));
    }

    private void process(String number, String name) throws IOException {
        Files.writeString(Files.createDirectory(lock.proc().resolve(number)).resolve("comm"), name + "\n");
    }
}

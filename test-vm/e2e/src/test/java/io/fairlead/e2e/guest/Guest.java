package io.fairlead.e2e.guest;

import io.fairlead.e2e.fixtures.Image;
import io.fairlead.e2e.fixtures.ScenarioCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A virtual machine with the kernel and the tools of a Debian release. Scripts build and boot the machine. A test
 * passes a script to it, with a folder that contains the classes of these tests and the scenarios, and receives the
 * output of the script.
 */
final class Guest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Path IMAGE = ROOT.resolve("target/image-root");
    /** The prefixes of the file names of libraries that the tests need and that the image does not contain. */
    private static final List<String> NEEDED =
            List.of("lab-", "assertj-core", "byte-buddy", "opentest4j", "junit-jupiter-api");

    private static final Path LAB = Path.of("lab/target/classes");

    private final String suite;
    private final Path folder;

    private Guest(String suite) {
        this.suite = suite;
        this.folder = ROOT.resolve("target/guests").resolve(suite);
    }

    /** Returns why no virtual machine can be booted on this machine; empty if it is possible. */
    static Optional<String> missing() {
        if (!Files.isDirectory(IMAGE)) {
            return Optional.of("there is no unpacked image: make test-vm builds it");
        }
        for (String program : List.of("qemu-system-x86_64", "cpio", "depmod", "apt-get")) {
            boolean there = Stream.of("/usr/bin", "/usr/sbin", "/sbin", "/usr/local/bin")
                    .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
            if (!there) {
                return Optional.of("the program " + program + " is missing, and no package provides it");
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the virtual machine for a Debian release. Builds it if it does not exist, or if it is older than the
     * image.
     *
     * @throws IOException if the machine cannot be built; the message contains the last lines of the build's output
     */
    static Guest of(String suite) throws IOException, InterruptedException {
        Guest guest = new Guest(suite);
        Path initrd = guest.folder.resolve("initrd");
        if (!Files.exists(initrd)
                || Files.getLastModifiedTime(initrd).compareTo(Files.getLastModifiedTime(Image.ARCHIVE)) < 0) {
            List<String> words =
                    run(Duration.ofMinutes(5), "scripts/build-guest", suite, IMAGE.toString(), guest.folder.toString());
            if (!Files.exists(initrd)) {
                throw new IOException("cannot build a machine of " + suite + ": " + words);
            }
        }
        return guest;
    }

    /** Returns the virtual machine for a Debian release; empty if it was never built. */
    static Optional<Guest> made(String suite) {
        Guest guest = new Guest(suite);
        return Files.exists(guest.folder.resolve("initrd")) ? Optional.of(guest) : Optional.empty();
    }

    /** Returns the versions for the table, for example "Linux 6.1.192, nft 1.0.6, iptables 1.8.9". */
    String machine() throws IOException {
        return "Linux %s, nft %s, iptables %s"
                .formatted(version("linux-image-cloud-amd64"), version("nftables"), version("iptables"));
    }

    /** Stores the findings of this machine. */
    void keep(List<Finding> findings) throws IOException {
        Files.write(
                folder.resolve("findings"), findings.stream().map(Finding::line).toList());
    }

    /** Adds findings to the stored findings. They replace older findings about the same features. */
    void keepAlso(List<Finding> findings) throws IOException {
        List<Finding> all = new ArrayList<>(kept());
        all.removeIf(old -> findings.stream().anyMatch(now -> now.feature().equals(old.feature())));
        all.addAll(findings);
        keep(all);
    }

    /** Returns the stored findings; an empty list if the machine never ran. */
    List<Finding> kept() throws IOException {
        Path kept = folder.resolve("findings");
        return Files.exists(kept)
                ? Files.readAllLines(kept).stream()
                        .map(Finding::parse)
                        .flatMap(Optional::stream)
                        .toList()
                : List.of();
    }

    /** Returns the upstream version of a package in the machine, without Debian's epoch and revision. */
    private String version(String name) throws IOException {
        return Files.readAllLines(folder.resolve("packages")).stream()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1)
                        .replaceFirst("^\\d+:", "")
                        .replaceFirst("[-~+].*", ""))
                .findFirst()
                .orElseThrow(() -> new IOException("no " + name + " in " + suite));
    }

    /**
     * Boots the machine, runs a script in it, and returns the output until the machine shuts down. In the script,
     * {@code java_test} runs a class of these tests with the agent's Java runtime, and the folder {@code
     * /test/scenarios} contains the scenarios.
     *
     * @param kernelParameters additional parameters for the kernel's command line
     */
    List<String> boot(Path work, String script, Duration longest, String... kernelParameters)
            throws IOException, InterruptedException {
        Path test = Files.createDirectories(work.resolve("test"));
        Path lib = Files.createDirectories(test.resolve("lib"));
        List<String> classPath = new ArrayList<>(List.of("/opt/fairlead/lib/fairlead.jar"));
        for (String entry : System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .split(":", -1)) {
            Path path = Path.of(entry);
            String name = path.getFileName().toString();
            if (Files.isDirectory(path) && (name.equals("test-classes") || path.endsWith(LAB))) {
                String copy = path.getParent().getParent().getFileName() + "-" + name;
                copy(path, lib.resolve(copy));
                classPath.add("/test/lib/" + copy);
            } else if (name.endsWith("-tests.jar") || NEEDED.stream().anyMatch(name::startsWith)) {
                Files.copy(path, lib.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                classPath.add("/test/lib/" + name);
            }
        }
        copy(ScenarioCheck.SCENARIOS, test.resolve("scenarios"));
        Files.writeString(test.resolve("run"), """
                read -r up _ </proc/uptime
                echo "finding [machine: boot] WORKS $up s"
                java_test() {
                    class=$1
                    shift
                    read -r options </opt/fairlead/jvm-options
                    /opt/fairlead/jre/bin/java $options -Xms96m -XX:NewSize=64m -XX:MaxNewSize=64m -XX:AOTCache=/opt/fairlead/fairlead.aot -cp %s \\
                        io.fairlead.e2e.guest.$class "$@"
                }
                """.formatted(String.join(":", classPath)) + script);
        List<String> command = new ArrayList<>(
                List.of("scripts/run-guest", folder.toString(), test.toString(), Long.toString(longest.toSeconds())));
        command.addAll(List.of(kernelParameters));
        return run(longest.plusSeconds(10), command.toArray(String[]::new));
    }

    /**
     * Packs a root file system for each nft of Debian into one file. The file systems are fetched only if they do not
     * exist.
     */
    static void packNfts(Path file) throws IOException, InterruptedException {
        Path folder = ROOT.resolve("target/nft-versions");
        List<String> said = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            said.addAll(run(Duration.ofMinutes(10), "scripts/nft-versions", folder.toString()));
        }
        said.addAll(run(Duration.ofMinutes(2), "tar", "-c", "-f", file.toString(), "-C", folder.toString(), "."));
        if (!Files.exists(file)) {
            throw new IOException("cannot pack the versions of nft: " + said);
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static List<String> run(Duration longest, String... command) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        Process process = new ProcessBuilder(command)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .start();
        long end = System.nanoTime() + longest.toNanos();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            String line = reader.readLine();
            while (line != null && System.nanoTime() < end) {
                lines.add(line.replace("\r", ""));
                line = reader.readLine();
            }
        } finally {
            process.destroy();
            process.waitFor();
        }
        return lines;
    }

    @Override
    public String toString() {
        return suite.toLowerCase(Locale.ROOT);
    }
}

package io.fairlead.inspect.bundle;

import io.fairlead.explain.dump.Outputs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/**
 * The files of a bundle. A bundle is an archive (tar, compressed with gzip), or the folder into which an archive was
 * unpacked. The constants of this class are names of files.
 *
 * @param files the texts by name: "rules/nft.txt"
 */
public record Bundle(SortedMap<String, String> files) {
    /** The configuration that the running proxy shows. */
    public static final String CONFIGURATION = "proxy/configz.json";

    /** The place at which the configuration of the proxy was found. */
    public static final String CONFIGURATION_SOURCE = "proxy/source.txt";

    /** The counters of conntrack, per processor. */
    public static final String CONNTRACK_COUNTERS = "kernel/conntrack-counters.txt";

    /** The virtual servers of IPVS. */
    public static final String VIRTUAL_SERVERS = "kernel/ip_vs.txt";

    /** The number of clients that a list of xt_recent can remember. */
    public static final String RECENT_TOTAL = "kernel/xt_recent-ip_list_tot.txt";

    /** The clock source of the kernel, for example "tsc". */
    public static final String CLOCK_SOURCE = "kernel/clocksource.txt";

    /** The time of the node, in seconds since 1970. */
    public static final String CLOCK = "node/clock.txt";

    /** The known programs that run on the node, for example programs that write rules, one in each line. */
    public static final String PROGRAMS = "node/programs.txt";

    /** The interfaces with their kinds and the largest packets that they send (MTU). */
    public static final String LINKS = "node/links.json";

    /** The results of {@link Trial}: whether each feature of the kernel works. */
    public static final String TRIAL = "node/trial.txt";

    /** The name of the node. */
    public static final String NODE_NAME = "node.txt";

    /** The settings of the kernel, one in each line, for example "net.ipv4.ip_forward = 1". */
    public static final String SYSCTLS = "sysctls.txt";

    /** The versions of kernel and tools. */
    public static final String VERSIONS = "versions.txt";

    /** The objects of the cluster that rules depend on. */
    public static final String OBJECTS = "objects.json";

    /** One line for each part that could not be read: the reason and the consequence. */
    public static final String MISSING = "missing.txt";

    private static final List<String> MARKS = List.of("rules/", VERSIONS);
    private static final int MOST_FILES = 10_000;
    private static final long MOST_BYTES = 1L << 30;
    private static final String FOLDER = "fairlead-dump/";

    /** Copies the files. */
    public Bundle {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** Returns whether a file begins like a file that is compressed with gzip. Every archive of a bundle does. */
    public static boolean begins(byte[] content) {
        return content.length > 2 && (content[0] & 0xff) == 0x1f && (content[1] & 0xff) == 0x8b;
    }

    /**
     * Reads an archive.
     *
     * @param name the name of the archive, for messages
     * @throws BundleException if the archive is broken or too large, or if it is not a bundle
     */
    public static Bundle read(String name, InputStream archive) {
        SortedMap<String, String> files = new TreeMap<>();
        long left = MOST_BYTES;
        try (TarArchiveInputStream tar = new TarArchiveInputStream(GzipCompressorInputStream.builder()
                .setInputStream(archive)
                .setDecompressConcatenated(true)
                .get())) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile()) {
                    byte[] content = tar.readNBytes((int) Math.min(left + 1, Integer.MAX_VALUE - 8));
                    left -= content.length;
                    if (left < 0 || files.size() >= MOST_FILES) {
                        throw new BundleException(name + ": holds more than " + MOST_FILES + " files or "
                                + (MOST_BYTES >> 30) + " GiB; it is not read");
                    }
                    files.put(inside(entry.getName()), new String(content, StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            throw new BundleException(name + ": not a whole archive (tar with gzip): " + e.getMessage());
        }
        return checked(name, files);
    }

    /**
     * Reads a folder into which an archive was unpacked. Compressed files (.gz) in the folder are skipped.
     *
     * @throws BundleException if the folder does not contain a bundle, or contains too many files
     * @throws IOException if the folder cannot be read
     */
    public static Bundle read(Path folder) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(folder, 3)) {
            for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
                String name = folder.relativize(file).toString();
                if (files.size() >= MOST_FILES) {
                    throw new BundleException(folder + ": holds more than " + MOST_FILES + " files; it is not read");
                }
                if (!name.endsWith(".gz")) {
                    files.put(inside(name), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
                }
            }
        }
        return checked(folder.toString(), files);
    }

    private static String inside(String name) {
        String plain = name.startsWith("./") ? name.substring(2) : name;
        return plain.startsWith(FOLDER) ? plain.substring(FOLDER.length()) : plain;
    }

    private static Bundle checked(String name, SortedMap<String, String> files) {
        if (files.keySet().stream().noneMatch(file -> MARKS.stream().anyMatch(file::startsWith))) {
            throw new BundleException(
                    name + ": not a bundle of fairlead dump: it has no file " + Outputs.NFT + " or " + VERSIONS);
        }
        return new Bundle(files);
    }

    /**
     * Writes the files as an archive. In the archive, they are in the folder "fairlead-dump".
     *
     * @param time the modification time of the files in the archive
     */
    public void write(OutputStream out, Instant time) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (var file : files.entrySet()) {
                byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(FOLDER + file.getKey());
                entry.setSize(content.length);
                entry.setLastModifiedTime(FileTime.from(time));
                entry.setMode(0100600);
                entry.setIds(0, 0);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
    }

    /** Returns the text of a file; empty if the bundle does not have this file. */
    public Optional<String> file(String name) {
        return Optional.ofNullable(files.get(name));
    }

    /** Returns the outputs of the tools among the files. */
    public Outputs outputs() {
        return new Outputs(files);
    }
}

package io.fairlead.bench.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The memory of a process and all its descendants, from /proc/PID/smaps. Pages of mapped files are counted in full,
 * even if other processes map them too. Otherwise only half of Java's files would be counted for the agent, because the
 * benchmark's own JVM maps the same files.
 *
 * @param kib the memory in KiB
 */
record Memory(long kib) {
    private static final Pattern MAPPING =
            Pattern.compile("[0-9a-f]+-[0-9a-f]+ \\S+ [0-9a-f]+ \\S+ (?<inode>[0-9]+).*");
    private static final Pattern SIZE = Pattern.compile("(?<what>Rss|Pss): +(?<kib>[0-9]+) kB");

    static Memory of(ProcessHandle root) {
        long sum = Stream.concat(Stream.of(root), root.descendants())
                .mapToLong(process -> ofOne(process.pid()))
                .sum();
        return new Memory(sum);
    }

    private static long ofOne(long pid) {
        try {
            return sum(Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps"), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return 0; // The process has ended.
        }
    }

    /** Sums, in KiB, the PSS of mappings without a file and the RSS of mappings of files. */
    static long sum(List<String> smaps) {
        long sum = 0;
        String counted = "Pss";
        for (String line : smaps) {
            Matcher size = SIZE.matcher(line);
            if (size.matches()) {
                sum += size.group("what").equals(counted) ? Long.parseLong(size.group("kib")) : 0;
                continue;
            }
            Matcher mapping = MAPPING.matcher(line);
            if (mapping.matches()) {
                counted = mapping.group("inode").equals("0") ? "Pss" : "Rss";
            }
        }
        return sum;
    }

    long mib() {
        return Math.round(kib / 1024.0);
    }
}

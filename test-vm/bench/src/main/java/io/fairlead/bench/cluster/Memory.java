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
 * Memory of a process and all its descendants as /proc/PID/smaps has it, in KiB. Pages of files are counted whole, as
 * if nobody else had them mapped: the benchmark runs on the same Java as the agent, and would carry half of it
 * otherwise.
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
            return 0; // ended meanwhile
        }
    }

    /** PSS of what has no file, RSS of what has one. */
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

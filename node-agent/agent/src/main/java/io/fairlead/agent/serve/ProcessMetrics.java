package io.fairlead.agent.serve;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.StringTokenizer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The metrics {@code process_*}, which every Go program has. They are read from /proc at each scrape. The JDK's
 * management beans are not used, because they would load JMX, which needs 12 MiB. A value that cannot be read is left
 * out.
 */
final class ProcessMetrics {
    /**
     * USER_HZ, the number of clock ticks per second in /proc. It is 100 on all architectures on which the agent runs.
     */
    private static final double TICKS_PER_SECOND = 100;
    /** The indexes of fields in /proc/self/stat. Counting starts with 0 after the name of the program. */
    private static final int UTIME = 11;

    private static final int STIME = 12;
    private static final int STARTTIME = 19;
    private static final int VSIZE = 20;

    private final Path proc;

    ProcessMetrics(Path proc) {
        this.proc = proc;
    }

    static void register(PrometheusRegistry registry) {
        ProcessMetrics process = new ProcessMetrics(Path.of("/proc"));
        counter(registry, "process_cpu_seconds_total", "CPU time, user and system.", process::cpuSeconds);
        counter(
                registry,
                "process_network_receive_bytes_total",
                "Bytes received in this network namespace.",
                () -> process.octets("InOctets"));
        counter(
                registry,
                "process_network_transmit_bytes_total",
                "Bytes sent in this network namespace.",
                () -> process.octets("OutOctets"));
        gauge(registry, "process_open_fds", "Open file descriptors.", process::openFiles);
        gauge(registry, "process_max_fds", "Limit of open file descriptors.", () -> process.limit("Max open files"));
        gauge(registry, "process_resident_memory_bytes", "Resident memory.", process::residentBytes);
        gauge(registry, "process_virtual_memory_bytes", "Virtual memory.", () -> process.stat(VSIZE, 1));
        gauge(
                registry,
                "process_virtual_memory_max_bytes",
                "Limit of virtual memory.",
                () -> process.limit("Max address space"));
        gauge(registry, "process_start_time_seconds", "When the process started.", process::startSeconds);
    }

    OptionalDouble cpuSeconds() {
        OptionalDouble user = stat(UTIME, 1 / TICKS_PER_SECOND);
        OptionalDouble system = stat(STIME, 1 / TICKS_PER_SECOND);
        return user.isPresent() && system.isPresent()
                ? OptionalDouble.of(user.getAsDouble() + system.getAsDouble())
                : OptionalDouble.empty();
    }

    OptionalDouble startSeconds() {
        OptionalDouble afterBoot = stat(STARTTIME, 1 / TICKS_PER_SECOND);
        Optional<Double> boot = lines("stat")
                .filter(line -> line.startsWith("btime "))
                .map(line -> Double.parseDouble(line.substring("btime ".length())))
                .findFirst();
        return afterBoot.isPresent() && boot.isPresent()
                ? OptionalDouble.of(boot.get() + afterBoot.getAsDouble())
                : OptionalDouble.empty();
    }

    OptionalDouble stat(int field, double unit) {
        return first(lines("self/stat").map(line -> {
            List<String> fields = words(line.substring(line.lastIndexOf(')') + 2));
            return Double.parseDouble(fields.get(field)) * unit;
        }));
    }

    OptionalDouble residentBytes() {
        return first(lines("self/status")
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Double.parseDouble(words(line).get(1)) * 1024));
    }

    /** Returns the soft limit of a resource. If there is no limit, returns 2^64, as Go programs report. */
    OptionalDouble limit(String name) {
        return first(lines("self/limits").filter(line -> line.startsWith(name)).map(line -> {
            String soft = words(line.substring(name.length())).getFirst();
            return soft.equals("unlimited") ? 1.8446744073709552e19 : Double.parseDouble(soft);
        }));
    }

    OptionalDouble openFiles() {
        try (Stream<Path> files = Files.list(proc.resolve("self/fd"))) {
            return OptionalDouble.of((double) files.count());
        } catch (IOException _) {
            return OptionalDouble.empty();
        }
    }

    /**
     * Returns a value from the table IpExt in /proc/self/net/netstat. The table consists of a line with names and a
     * line with numbers.
     */
    OptionalDouble octets(String name) {
        List<List<String>> table = lines("self/net/netstat")
                .filter(line -> line.startsWith("IpExt:"))
                .map(ProcessMetrics::words)
                .toList();
        int column = table.size() == 2 ? table.getFirst().indexOf(name) : -1;
        return column < 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Double.parseDouble(table.get(1).get(column)));
    }

    private static List<String> words(String line) {
        return Collections.list(new StringTokenizer(line)).stream()
                .map(String::valueOf)
                .toList();
    }

    private Stream<String> lines(String file) {
        try {
            return Files.readString(proc.resolve(file), StandardCharsets.UTF_8).lines();
        } catch (IOException _) {
            return Stream.empty();
        }
    }

    private static OptionalDouble first(Stream<Double> values) {
        return values.mapToDouble(Double::doubleValue).findFirst();
    }

    private static void gauge(PrometheusRegistry registry, String name, String help, Supplier<OptionalDouble> value) {
        var _ = GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> value.get().ifPresent(callback::call))
                .register(registry);
    }

    private static void counter(PrometheusRegistry registry, String name, String help, Supplier<OptionalDouble> value) {
        var _ = CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> value.get().ifPresent(callback::call))
                .register(registry);
    }
}

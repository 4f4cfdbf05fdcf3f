package io.fairlead.agent.serve;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * {@code process_*} as every Go program shows them, read from /proc at each scrape. The JDK's own beans would load JMX: 12 MiB.
 * What cannot be read is left out.
 */
final class ProcessMetrics {
    /** USER_HZ, which the kernel has fixed at 100 for all user space of the architectures there are. */
    private static final double TICKS_PER_SECOND = 100;
    /** Fields of /proc/self/stat, counted from 0 after the name. */
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
        gauge(registry, "process_max_fds", "Most open file descriptors allowed.", () -> process.limit("Max open files"));
        gauge(registry, "process_resident_memory_bytes", "Resident memory.", process::residentBytes);
        gauge(registry, "process_virtual_memory_bytes", "Virtual memory.", () -> process.stat(VSIZE, 1));
        gauge(
                registry,
                "process_virtual_memory_max_bytes",
                "Most virtual memory allowed.",
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
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            return Double.parseDouble(fields[field]) * unit;
        }));
    }

    OptionalDouble residentBytes() {
        return first(lines("self/status")
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Double.parseDouble(line.split("\\s+")[1]) * 1024));
    }

    /** The soft limit; without one the number that Go shows, all bits set. */
    OptionalDouble limit(String name) {
        return first(lines("self/limits").filter(line -> line.startsWith(name)).map(line -> {
            String soft = line.substring(name.length()).strip().split("\\s+")[0];
            return soft.equals("unlimited") ? 1.8446744073709552e19 : Double.parseDouble(soft);
        }));
    }

    OptionalDouble openFiles() {
        try (Stream<Path> files = Files.list(proc.resolve("self/fd"))) {
            return OptionalDouble.of(files.count());
        } catch (IOException _) {
            return OptionalDouble.empty();
        }
    }

    /** A value of the second table of /proc/self/net/netstat: a line of names, then a line of numbers. */
    OptionalDouble octets(String name) {
        String[][] table = lines("self/net/netstat")
                .filter(line -> line.startsWith("IpExt:"))
                .map(line -> line.split(" "))
                .toArray(String[][]::new);
        if (table.length == 2) {
            for (int i = 0; i < table[0].length && i < table[1].length; i++) {
                if (table[0][i].equals(name)) {
                    return OptionalDouble.of(Double.parseDouble(table[1][i]));
                }
            }
        }
        return OptionalDouble.empty();
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

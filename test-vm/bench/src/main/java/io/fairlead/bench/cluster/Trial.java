package io.fairlead.bench.cluster;

import io.fairlead.bench.cluster.ObjectWriter.Write;
import io.fairlead.lab.RunningProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures one contender at one size of the cluster. The trial begins with a start without rules, and ends with a
 * restart while the rules are already correct.
 */
final class Trial {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration RESTART_WATCH = Duration.ofSeconds(3);
    /**
     * The number of Services that are polled first, in random order. The other Services are polled when these are
     * served.
     */
    private static final int SAMPLE = 200;

    private static final int STREAM_PORTION = 200;
    private static final int CONNECTIONS = 200;
    private static final long SEED = 20_260_101;

    private final Stage stage;
    private final LargeCluster cluster;
    private final Contender contender;
    private final Tools tools;
    private final Form form;
    private final int services;
    private final Prober prober;
    private final Random random = new Random(SEED);
    private final long until = System.nanoTime() + PATIENCE.toNanos();

    Trial(Stage stage, LargeCluster cluster, int services, Contender contender, Tools tools, Form form) {
        this.stage = stage;
        this.cluster = cluster;
        this.services = services;
        this.contender = contender;
        this.tools = tools;
        this.form = form;
        this.prober = new Prober(cluster);
    }

    private record Start(long firstNanos, long allNanos) {}

    private record Changes(List<Long> sorted, long writeNanos) {}

    private record Streamed(double perSecond, long lagNanos) {}

    private record Restart(long nanos, int writes) {}

    /**
     * Runs the trial.
     *
     * @throws BenchException if the proxy ends, or is not ready within ten minutes
     */
    Figures run() {
        stage.clean();
        Start start;
        Work work = Work.NONE;
        Memory settled;
        Memory peak;
        double quiet;
        long begun = System.nanoTime();
        try (RunningProgram proxy = stage.start(contender, tools);
                PeakMemory memory = new PeakMemory(proxy.handle())) {
            start = stage.asClient(() -> services == 0 ? startWithout(proxy, begun) : start(proxy, begun));
            sleep(form.settle());
            quiet = quietCpu(proxy);
            settled = Memory.of(proxy.handle());
            if (services > 0) {
                work = work(proxy);
            }
            peak = memory.peak();
            sleep(contender.between());
        }
        Restart restart = restart();
        return new Figures(
                start.firstNanos(),
                start.allNanos(),
                work.changes().sorted(),
                work.changes().writeNanos(),
                work.burstNanos(),
                settled,
                peak,
                quiet,
                work.streamed().perSecond(),
                work.streamed().lagNanos(),
                work.connectNanos(),
                work.directNanos(),
                restart.nanos(),
                restart.writes());
    }

    /** The figures that are not measured in a cluster without Services. */
    private record Work(Changes changes, long burstNanos, Streamed streamed, long connectNanos, long directNanos) {
        private static final Work NONE = new Work(new Changes(List.of(), -1), -1, new Streamed(-1, -1), -1, -1);
    }

    private Work work(RunningProgram proxy) {
        long connect = stage.asClient(() -> median(LargeCluster.address(services - 1), LargeCluster.PORT));
        long direct = stage.asClient(() -> median(cluster.endpoint(services - 1), LargeCluster.TARGET_PORT));
        Changes changes = stage.asClient(() -> changes(proxy));
        long burst = stage.asClient(() -> burst(proxy));
        Streamed streamed = stage.asClient(() -> stream(proxy));
        return new Work(changes, burst, streamed, connect, direct);
    }

    /**
     * Measures the start in a cluster without Services. It polls default/kubernetes, the API server's own Service,
     * which every cluster has.
     */
    private Start startWithout(RunningProgram proxy, long begun) {
        while (!Prober.connects(LargeCluster.API_SERVER, LargeCluster.API_PORT)) {
            proxy.check();
            if (System.nanoTime() > until) {
                throw new BenchException("default/kubernetes is not served in time");
            }
            sleep(Duration.ofMillis(5));
        }
        long now = System.nanoTime() - begun;
        return new Start(now, now);
    }

    private Start start(RunningProgram proxy, long begun) {
        List<Integer> order = shuffled();
        long first = 0;
        long all = 0;
        for (int i = 0; i < services; i++) {
            int attempts = prober.await(order.get(i), Duration.ofMillis(5), proxy, until);
            long now = System.nanoTime() - begun;
            first = i == 0 ? now : first;
            // A Service that is not in the sample counts only if the first attempt failed. Otherwise it may have been
            // served earlier.
            all = i < Math.min(SAMPLE, services) || attempts > 1 ? now : all;
        }
        return new Start(first, all);
    }

    private Changes changes(RunningProgram proxy) {
        int count = contender instanceof Contender.KubeProxy ? form.kubeProxyChanges() : form.changes();
        long[] took = new long[count];
        long[] writes = new long[count];
        for (int i = 0; i < count; i++) {
            sleep(contender.between());
            int service = random.nextInt(services);
            cluster.replace(service);
            Write write = replacement(service);
            long begun = System.nanoTime();
            Future<Long> written = stage.plane().send(write);
            prober.await(service, Duration.ofNanos(300_000), proxy, until);
            took[i] = System.nanoTime() - begun;
            writes[i] = NamespaceThreads.result(written);
        }
        return new Changes(Figures.sorted(took), Figures.quantile(Figures.sorted(writes), 0.5));
    }

    /** Returns the numbers of all Services, in random order. */
    private List<Integer> shuffled() {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, services).boxed().toList());
        Collections.shuffle(order, random);
        return order;
    }

    private Write replacement(int service) {
        return new Write("PUT", LargeCluster.slicePath(service), cluster.sliceJson(service));
    }

    /**
     * Replaces the endpoints of up to 500 Services together. Returns the nanoseconds from the API server's last answer
     * until all changed Services are served; 0 if they were served before that answer.
     */
    private long burst(RunningProgram proxy) {
        sleep(contender.between());
        List<Integer> changed = shuffled().subList(0, Math.min(Form.BURST, services));
        changed.forEach(cluster::replace);
        List<Write> writes = changed.stream().map(this::replacement).toList();
        Future<Long> last = stage.inBackground(() -> {
            stage.plane().sendAll(writes);
            return System.nanoTime();
        });
        for (int service : changed) {
            prober.await(service, Duration.ofMillis(1), proxy, until);
        }
        long served = System.nanoTime();
        return Math.max(0, served - NamespaceThreads.result(last));
    }

    /**
     * Writes as many changes as the API server can process. There are never two writes for the same Service at the same
     * time.
     */
    private Streamed stream(RunningProgram proxy) {
        List<Integer> order = shuffled();
        int portion = Math.min(STREAM_PORTION, services);
        long begun = System.nanoTime();
        int sent = 0;
        while (System.nanoTime() - begun < form.stream().toNanos()) {
            List<Write> writes = new ArrayList<>(portion);
            for (int i = 0; i < portion; i++, sent++) {
                int service = order.get(sent % services);
                cluster.replace(service);
                writes.add(replacement(service));
            }
            stage.plane().sendAll(writes);
        }
        long last = System.nanoTime();
        order.subList(0, Math.min(sent, services))
                .forEach(service -> prober.await(service, Duration.ofMillis(1), proxy, until));
        return new Streamed(sent / ((last - begun) / 1e9), System.nanoTime() - last);
    }

    private static long median(int address, int port) {
        long[] took = new long[CONNECTIONS];
        for (int i = 0; i < CONNECTIONS; i++) {
            long begun = System.nanoTime();
            if (Prober.ask(address, port).isEmpty()) {
                throw new BenchException("no answer from " + LargeCluster.text(address) + ":" + port);
            }
            took[i] = System.nanoTime() - begun;
        }
        return Figures.quantile(Figures.sorted(took), 0.5);
    }

    private Restart restart() {
        try (Generations generations = stage.generations()) {
            long begun = System.nanoTime();
            try (RunningProgram proxy = stage.start(contender, tools)) {
                while (!stage.isHealthy()) {
                    proxy.check();
                    if (System.nanoTime() > until) {
                        throw new BenchException(contender.name() + " does not become healthy after a restart");
                    }
                    sleep(Duration.ofMillis(5));
                }
                long took = System.nanoTime() - begun;
                sleep(RESTART_WATCH);
                return new Restart(took, tools.isLegacy() ? -1 : generations.count());
            }
        }
    }

    private double quietCpu(RunningProgram proxy) {
        long before = cpuNanos(proxy);
        long begun = System.nanoTime();
        sleep(form.settle());
        return (double) (cpuNanos(proxy) - before) / (System.nanoTime() - begun);
    }

    /**
     * Returns the CPU time of a process in nanoseconds. The time of its threads is exact to the nanosecond; the time of
     * its ended child processes is measured in hundredths of a second.
     */
    private static long cpuNanos(RunningProgram proxy) {
        Path process = Path.of("/proc", Long.toString(proxy.handle().pid()));
        try (Stream<Path> threads = Files.list(process.resolve("task"))) {
            long nanos = 0;
            for (Path thread : threads.toList()) {
                nanos += Long.parseLong(
                        Files.readString(thread.resolve("schedstat")).split(" ", -1)[0]);
            }
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.UTF_8);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = Long.parseLong(fields[13]) + Long.parseLong(fields[14]); // cutime, cstime
            return nanos + ticks * 10_000_000;
        } catch (IOException e) {
            throw new BenchException("the proxy has ended", e);
        }
    }

    private static void sleep(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}

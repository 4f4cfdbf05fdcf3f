package io.fairlead.bench.cluster;

import io.fairlead.lab.RunningProgram;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Counts the nftables transactions in a namespace, as {@code nft monitor} reports them. Transactions of iptables' nft
 * variant are included.
 */
final class Generations implements AutoCloseable {
    private static final Pattern GENERATION = Pattern.compile("(?m)^# new generation ");
    private static final int READY_MS = 1500;

    private final RunningProgram monitor;

    Generations(String namespace, Path log) {
        monitor = RunningProgram.start("nft monitor", namespace, log, Map.of(), List.of("nft", "monitor"));
        try {
            // nft monitor reads all rules before it listens, and prints nothing when it is ready.
            TimeUnit.MILLISECONDS.sleep(READY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the number of transactions since the start. */
    int count() {
        monitor.check();
        return Math.toIntExact(GENERATION.matcher(monitor.log()).results().count());
    }

    @Override
    public void close() {
        monitor.close();
    }
}

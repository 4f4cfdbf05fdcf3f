package io.fairlead.bench.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Counts transactions of nftables in a namespace, iptables' nft variant included, as {@code nft monitor} sees them. */
final class Generations implements AutoCloseable {
    private static final Pattern GENERATION = Pattern.compile("(?m)^# new generation ");
    private static final int READY_MS = 1500;

    private final Program monitor;

    Generations(String namespace, Path log) {
        monitor = Program.start("nft monitor", namespace, log, Map.of(), List.of("nft", "monitor"));
        try {
            // It reads all rules before it listens, and says nothing when it is done with that.
            TimeUnit.MILLISECONDS.sleep(READY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Since the start. */
    int count() {
        monitor.check();
        return Math.toIntExact(GENERATION.matcher(monitor.log()).results().count());
    }

    @Override
    public void close() {
        monitor.close();
    }
}

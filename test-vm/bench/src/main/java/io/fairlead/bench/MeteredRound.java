package io.fairlead.bench;

import com.sun.management.ThreadMXBean;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.loop.RuleSync;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * The result of a round and what it allocated.
 *
 * @param allocated the number of bytes that the thread of the round allocated during the round
 */
record MeteredRound(RoundResult result, long allocated) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Runs a round with the changes that a cluster has had since the last call of {@link BenchCluster#take}. */
    static MeteredRound of(RuleSync<?, ?> rules, BenchCluster cluster) {
        var batch = cluster.take();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        RoundResult result = rules.round(batch, false);
        return new MeteredRound(result, THREADS.getCurrentThreadAllocatedBytes() - before);
    }

    /** Returns the median of the numbers of bytes that the rounds allocated. */
    static long allocated(List<MeteredRound> rounds) {
        return rounds.stream().mapToLong(MeteredRound::allocated).sorted().toArray()[rounds.size() / 2];
    }
}

package io.fairlead.bench.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The figures of one contender. Times are in nanoseconds. A figure below 0 was not measured, for example changes in a
 * cluster without Services.
 *
 * @param firstNanos from the start of the process until a Service is served
 * @param allNanos from the start of the process until all Services are served
 * @param changes from the write of a slice until the new endpoints answer, sorted
 * @param writeNanos the median duration of such a write in the API server, which is part of {@code changes}
 * @param burstNanos from the last of 500 writes until all new endpoints answer
 * @param settled the memory of an idle proxy
 * @param peak the largest memory of the proxy during the trial
 * @param quietCpu the CPU use of an idle proxy as a multiple of one core: 0.5 is half a core
 * @param streamed the slices replaced per second while the API server gets as many writes as it can process
 * @param lagNanos from the last write of {@code streamed} until all new endpoints answer
 * @param connectNanos the median time until the last Service answers a connection
 * @param directNanos the median time until an endpoint answers at its own address
 * @param restartNanos from a start of the proxy while its rules are already correct until its health page reports
 *     success
 * @param restartWrites the kernel transactions during that start; below 0 if the kernel does not report them
 */
record Figures(
        long firstNanos,
        long allNanos,
        List<Long> changes,
        long writeNanos,
        long burstNanos,
        Memory settled,
        Memory peak,
        double quietCpu,
        double streamed,
        long lagNanos,
        long connectNanos,
        long directNanos,
        long restartNanos,
        int restartWrites) {

    static List<Long> sorted(long[] values) {
        return LongStream.of(Arrays.copyOf(values, values.length))
                .sorted()
                .boxed()
                .toList();
    }

    /** Returns a quantile of sorted values, for example the median for the share 0.5; -1 if there are no values. */
    static long quantile(List<Long> sorted, double share) {
        if (sorted.isEmpty()) {
            return -1;
        }
        int rank = (int) Math.ceil(share * sorted.size());
        return sorted.get(Math.max(0, rank - 1));
    }

    long changeMedian() {
        return quantile(changes, 0.5);
    }

    long changeP99() {
        return quantile(changes, 0.99);
    }
}

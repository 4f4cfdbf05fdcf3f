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
 * @param writeNanos the API server's share of that: the median duration of such a write
 * @param burstNanos from the last of 500 writes until all new endpoints answer
 * @param settled memory of an idle proxy
 * @param peak largest memory
 * @param quietCpu CPU use of an idle proxy, as a share of one core (0 to 1 and more)
 * @param streamed slices replaced per second, when the API server gets as many writes as it can process
 * @param lagNanos from the last of these writes until all new endpoints answer
 * @param connectNanos median time until the last Service answers a connection
 * @param directNanos median time until an endpoint answers at its own address
 * @param restartNanos from a start over correct rules until the health page reports success
 * @param restartWrites kernel transactions during such a start; below 0 if the kernel does not report them
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

    /**
     * Returns the value below which this share of the sorted values lies: 0.5 for the median; -1 if there are no
     * values.
     */
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

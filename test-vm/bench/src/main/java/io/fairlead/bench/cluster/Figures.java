package io.fairlead.bench.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What was measured of one contender. Times in nanoseconds; below 0 what is not measured, as changes without Services.
 *
 * @param firstNanos from the start of the process until a Service is served
 * @param allNanos until all are
 * @param changes from the write of a slice until the new endpoints answer, sorted
 * @param writeNanos the API server's own share of it: the median time of such a write
 * @param burstNanos from the last of 500 writes until all of the new endpoints answer
 * @param settled memory when nothing happens
 * @param peak memory at its largest
 * @param quietCpu share of one core, 0 to 1 and more, when nothing happens
 * @param streamed slices replaced in a second, when the API server is given as many as it takes
 * @param lagNanos from the last of these until all the new endpoints answer
 * @param connectNanos median time for a connection to the last Service to be answered
 * @param directNanos the same to an endpoint's own address
 * @param restartNanos from a start over right rules until the health page says that they are
 * @param restartWrites transactions in the kernel at such a start; below 0 if the kernel does not tell
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

    /** The value below which this share of the sorted values lies: 0.5 for the median; -1 without values. */
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

package io.fairlead.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * What a reader may use for one input: the time of the processor, and memory. The memory is everything that the reader
 * allocates, which is more than it ever holds at once.
 *
 * @param factor how much more memory a reader may use because its classes are instrumented
 */
record Limits(int factor) {
    /** The limits of the product as it is. */
    static final Limits ORDINARY = new Limits(1);

    /** The limits while Jazzer (0.30.0) follows comparisons: its hooks allocate about ten times what a reader does. */
    static final Limits INSTRUMENTED = new Limits(16);

    private static final long MEMORY_PER_BYTE = 64;

    /** The memory for an empty input: tables, buffers and defaults. */
    private static final long MEMORY = 4 << 20;

    /** An ordinary input of a few kilobytes needs less than 10 ms. */
    private static final Duration TIME = Duration.ofSeconds(2);

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private record Use(long nanos, long allocated) {
        static Use of(FuzzedReader reader, byte[] input) {
            long time = THREADS.getCurrentThreadCpuTime();
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            reader.read(input);
            return new Use(
                    THREADS.getCurrentThreadCpuTime() - time, THREADS.getCurrentThreadAllocatedBytes() - allocated);
        }

        Use least(Use other) {
            return new Use(Math.min(nanos, other.nanos), Math.min(allocated, other.allocated));
        }
    }

    /**
     * Reads an input, and fails if the reader uses too much. It may use more for its first inputs, because the JVM
     * loads classes then; so an input over a limit is read again, and the least of three measurements counts.
     */
    void check(FuzzedReader reader, byte[] input) {
        Use least = Use.of(reader, input);
        for (int i = 0; i < 2 && !isWithin(least, input); i++) {
            least = least.least(Use.of(reader, input));
        }
        if (!isWithin(least, input)) {
            throw new AssertionError(
                    "%s allocates %,d bytes and needs %,d ms for %,d bytes of input; the limits are %,d bytes and %,d ms"
                            .formatted(
                                    reader,
                                    least.allocated(),
                                    least.nanos() / 1_000_000,
                                    input.length,
                                    mostMemory(input),
                                    TIME.toMillis()));
        }
    }

    private boolean isWithin(Use use, byte[] input) {
        return use.allocated() <= mostMemory(input) && use.nanos() <= TIME.toNanos();
    }

    private long mostMemory(byte[] input) {
        return factor * (MEMORY + MEMORY_PER_BYTE * input.length);
    }
}

package io.fairlead.conntrack;

import io.fairlead.core.net.IpFamily;
import java.util.List;
import java.util.function.Consumer;

/**
 * The kernel's table of flows in one network namespace. One thread at a time may use it. After an exception the caller
 * must close it.
 */
interface ConntrackTable extends AutoCloseable {

    /**
     * The result of removing flows.
     *
     * @param removed the number of flows that were removed
     * @param absent the number of flows that had already ended, or had ended and started again
     * @param failed the number of flows that could not be removed
     * @param firstFailure why the first one could not be removed; empty if none failed
     */
    record Removal(int removed, int absent, int failed, String firstFailure) {
        static final Removal NOTHING = new Removal(0, 0, 0, "");

        int total() {
            return removed + absent + failed;
        }

        Removal plus(Removal other) {
            return new Removal(
                    removed + other.removed,
                    absent + other.absent,
                    failed + other.failed,
                    firstFailure.isEmpty() ? other.firstFailure : firstFailure);
        }
    }

    /**
     * Lists every UDP flow of one family in the default zone, in no order. A flow that starts or ends during the dump
     * may be missing or present.
     *
     * @throws ConntrackException if the kernel does not answer completely
     */
    void dump(IpFamily family, Consumer<UdpFlow> each);

    /**
     * Removes flows. A flow is removed only if it is still the one that was dumped.
     *
     * @throws ConntrackException if the kernel does not answer completely
     */
    Removal delete(List<UdpFlow> flows);

    @Override
    void close();
}

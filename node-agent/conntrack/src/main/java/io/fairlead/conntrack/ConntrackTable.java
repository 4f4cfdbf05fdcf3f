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
     * @param absent the number of flows that no longer existed, or that had been replaced by a new flow with the same
     *     addresses and ports
     * @param failed the number of flows that could not be removed
     * @param firstFailure why the first of the failed flows could not be removed; empty if no flow failed
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
     * Passes every UDP flow of one family in conntrack's default zone to {@code each}, in any order. A flow that starts
     * or ends during the dump may be missing or present.
     *
     * @throws ConntrackException if the kernel does not answer completely
     */
    void dump(IpFamily family, Consumer<UdpFlow> each);

    /**
     * Removes flows. A later flow with the same addresses and ports is not removed, unless it has the same {@link
     * UdpFlow#id}.
     *
     * @throws ConntrackException if the kernel does not answer completely
     */
    Removal delete(List<UdpFlow> flows);

    @Override
    void close();
}

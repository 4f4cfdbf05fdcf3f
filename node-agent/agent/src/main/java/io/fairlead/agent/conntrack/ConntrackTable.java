package io.fairlead.agent.conntrack;

import io.fairlead.core.net.IpFamily;
import java.util.List;
import java.util.function.Consumer;

/**
 * The kernel's table of flows, in one network namespace. For one thread at a time. After an exception it is of no more
 * use than to be closed.
 */
interface ConntrackTable extends AutoCloseable {

    /**
     * What became of flows that were to be removed.
     *
     * @param removed how many were there and are not any more
     * @param absent how many had already ended, or had ended and begun anew
     * @param failed how many could not be removed
     * @param firstFailure why; empty if none failed
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
     * Shows every UDP flow of one family in the default zone, in no order. Flows that come or go meanwhile may be
     * missed or shown.
     *
     * @throws ConntrackException if the kernel does not answer to the end
     */
    void dump(IpFamily family, Consumer<UdpFlow> each);

    /**
     * Removes flows, each only if it is still the one that was dumped.
     *
     * @throws ConntrackException if the kernel does not answer to the end
     */
    Removal delete(List<UdpFlow> flows);

    @Override
    void close();
}

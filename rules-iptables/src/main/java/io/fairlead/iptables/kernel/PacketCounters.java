package io.fairlead.iptables.kernel;

import io.fairlead.iptables.rule.CounterName;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The nfacct objects in the kernel, which count packets. The kernel refuses a rule that names an nfacct object that
 * does not exist.
 */
public interface PacketCounters {

    /** An implementation for a kernel without nfacct. */
    PacketCounters NONE = new PacketCounters() {
        @Override
        public boolean exist() {
            return false;
        }

        @Override
        public Optional<String> create(CounterName name) {
            return Optional.of("the kernel has no nfacct");
        }

        @Override
        public OptionalLong packets(CounterName name) {
            return OptionalLong.empty();
        }
    };

    /** Returns whether the kernel supports nfacct. Does not change anything. */
    boolean exist();

    /**
     * Creates a counter. A counter that exists keeps its count.
     *
     * @return empty if the counter exists now; otherwise the reason why it does not exist
     */
    Optional<String> create(CounterName name);

    /**
     * Returns the number of packets that a counter has counted; empty if the counter does not exist or cannot be read.
     * May be called from any thread.
     */
    OptionalLong packets(CounterName name);
}

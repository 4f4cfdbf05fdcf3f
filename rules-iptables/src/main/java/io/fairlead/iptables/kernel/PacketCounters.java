package io.fairlead.iptables.kernel;

import io.fairlead.iptables.rule.CounterName;
import java.util.Optional;
import java.util.OptionalLong;

/** The nfacct objects of the kernel. A rule that names one is refused unless the object exists. */
public interface PacketCounters {

    /** A kernel without nfacct. */
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

    /** Returns whether the kernel has nfacct. Changes nothing. */
    boolean exist();

    /**
     * Creates a counter; an existing one keeps its count.
     *
     * @return why the counter does not exist now; empty if it does
     */
    Optional<String> create(CounterName name);

    /** Returns the packets that a counter has counted; empty if it does not exist or cannot be read. Any thread. */
    OptionalLong packets(CounterName name);
}

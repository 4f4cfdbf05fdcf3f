package io.fairlead.nft.kernel;

import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.nft.rule.Table;
import java.util.Optional;

/** Opens the watch over nf_tables to the fuzz tests. */
public final class EventReading {
    private EventReading() {}

    /** Polls the events of a kernel until it has no more. */
    public static void read(Libc libc, int polls) {
        Optional<RulesetWatch> open = RulesetWatch.open(
                libc, NetworkNamespace.of(libc, ""), event -> event.table().equals(Table.NAME));
        try (RulesetWatch watch = open.orElseThrow()) {
            for (int i = 0; i < polls; i++) {
                watch.poll();
                watch.committed("a transaction");
            }
        }
    }
}

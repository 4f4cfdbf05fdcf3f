package io.fairlead.nft.affinity;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.RememberedClients;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.SetType;
import java.util.Comparator;
import java.util.Optional;

/**
 * Computes how full the affinity maps are. This needs no additional read, because the table is read from time to time
 * for a comparison.
 */
public final class AffinityFill {
    /**
     * The prefix of the names of maps with the addresses of endpoints. Maps with the ports of endpoints contain the
     * same clients, so they are ignored.
     */
    private static final String ADDRESSES = "aff-";

    private AffinityFill() {}

    /** Returns the fullest map of a table; empty if no Service has ClientIP affinity. */
    public static Optional<RememberedClients> fullest(ReadTable read) {
        IpFamily family = read.table().family();
        return read.clients().entrySet().stream()
                .filter(map -> map.getKey().text().startsWith(ADDRESSES))
                .flatMap(map -> Optional.ofNullable(read.table().sets().get(map.getKey()))
                        .filter(set -> set.type() instanceof SetType.Affinity)
                        .map(set -> clients(set, family, map.getValue()))
                        .stream())
                .max(Comparator.comparingDouble(RememberedClients::fill));
    }

    private static RememberedClients clients(NamedSet map, IpFamily family, int count) {
        return new RememberedClients(map.comment().text(), family, count, SetType.Affinity.SIZE);
    }
}

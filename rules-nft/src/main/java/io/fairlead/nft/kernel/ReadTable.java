package io.fairlead.nft.kernel;

import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import java.util.Map;

/**
 * Our table of one family as it was read from the kernel.
 *
 * @param clients the number of elements of each affinity map. The rules fill these maps, so their elements are not part
 *     of the table
 */
public record ReadTable(Table table, Map<SetName, Integer> clients) {
    /** Copies the map. */
    public ReadTable {
        clients = Map.copyOf(clients);
    }
}

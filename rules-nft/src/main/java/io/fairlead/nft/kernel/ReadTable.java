package io.fairlead.nft.kernel;

import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import java.util.Map;

/**
 * Fairlead's table of one family, as it was read from the kernel.
 *
 * @param clients the number of elements of each affinity map. The rules in the kernel fill these maps, so their
 *     elements are not part of {@code table}
 */
public record ReadTable(Table table, Map<SetName, Integer> clients) {
    /** Copies the map. */
    public ReadTable {
        clients = Map.copyOf(clients);
    }
}

package io.fairlead.nft.diff;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.rule.Operation;
import java.util.List;

/**
 * A change of the table of one address family.
 *
 * @param main the operations that make the rules correct
 * @param tidy the operations that delete unused objects; they run after {@code main}
 */
public record TableChange(IpFamily family, List<Operation> main, List<Operation> tidy) {

    /** Copies the lists. */
    public TableChange {
        main = List.copyOf(main);
        tidy = List.copyOf(tidy);
    }

    /** Returns whether there is no operation. */
    public boolean isEmpty() {
        return main.isEmpty() && tidy.isEmpty();
    }
}

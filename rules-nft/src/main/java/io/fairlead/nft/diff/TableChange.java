package io.fairlead.nft.diff;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.rule.Operation;
import java.util.List;

/**
 * How one family's table is changed.
 *
 * @param main what makes the rules right
 * @param tidy what takes away objects that nothing uses any more
 */
public record TableChange(IpFamily family, List<Operation> main, List<Operation> tidy) {

    /** Copies the lists. */
    public TableChange {
        main = List.copyOf(main);
        tidy = List.copyOf(tidy);
    }

    /** True if there is nothing to do. */
    public boolean isEmpty() {
        return main.isEmpty() && tidy.isEmpty();
    }
}

package io.fairlead.nft.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.nft.rule.Operation;
import io.fairlead.nft.text.OperationText;

/**
 * An operation or element in a transaction, for the report of a fault.
 *
 * @param element the index of the element within the operation, counted from 0; {@link #WHOLE} if the operation itself
 *     is meant
 */
public record Place(IpFamily family, Operation operation, int element) {
    /** The value of {@code element} that means the operation itself, not one of its elements. */
    public static final int WHOLE = -1;

    /** Returns the origin of the element, or of the operation. */
    public Origin origin() {
        return operation.origin(element);
    }

    /** Returns the line of the element in the text of the transaction; for an operation, its first line. */
    String line() {
        StringBuilder out = new StringBuilder();
        OperationText.write(operation, family, out);
        return out.toString().lines().skip(element + 1L).findFirst().orElse("");
    }
}

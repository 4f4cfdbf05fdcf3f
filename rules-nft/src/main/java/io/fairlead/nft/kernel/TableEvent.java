package io.fairlead.nft.kernel;

import io.fairlead.core.net.IpFamily;
import java.util.Optional;

/**
 * Something of a table that has come or gone, as the kernel tells of each part of a transaction.
 *
 * @param family the table's; empty if it is of another kind (inet, arp, ...)
 * @param chain for chains and rules; "" for the table itself, sets and elements
 * @param gone whether it has gone
 */
public record TableEvent(Optional<IpFamily> family, String table, String chain, boolean gone) {}

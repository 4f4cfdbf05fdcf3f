package io.fairlead.nft.kernel;

import io.fairlead.core.net.IpFamily;
import java.util.Optional;

/**
 * The addition or deletion of an object of a table, as the kernel reports it for each part of a transaction.
 *
 * @param family the family of the table; empty for other families (inet, arp, ...)
 * @param chain the chain, for chains and rules; "" for the table itself, sets and elements
 * @param gone whether the object was deleted
 */
public record TableEvent(Optional<IpFamily> family, String table, String chain, boolean gone) {}

package io.fairlead.nft.kernel;

import io.fairlead.core.net.IpFamily;
import java.util.Optional;

/**
 * The addition or deletion of an object in a table. The kernel reports one event for each part of a transaction.
 *
 * @param family the family of the table; empty if it is neither ip nor ip6 (inet, arp, ...)
 * @param chain for chains and rules, the name of the chain; "" for the table itself, sets and elements
 * @param gone whether the object was deleted
 */
public record TableEvent(Optional<IpFamily> family, String table, String chain, boolean gone) {}

package io.fairlead.core.rules;

import io.fairlead.core.net.IpFamily;

/**
 * The number of Fairlead's rules in one table.
 *
 * @param table the name of the table, as in iptables or nft
 */
public record RuleCount(IpFamily family, String table, long rules) {}

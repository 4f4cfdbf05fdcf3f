package io.fairlead.core.rules;

import io.fairlead.core.net.IpFamily;

/**
 * The number of our rules in a table.
 *
 * @param table the name of the table in the dialect's tool
 */
public record RuleCount(IpFamily family, String table, long rules) {}

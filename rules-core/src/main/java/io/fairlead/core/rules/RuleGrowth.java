package io.fairlead.core.rules;

import io.fairlead.core.net.IpFamily;

/**
 * How a change alters the number of rules of a table.
 *
 * @param table the name of the table in the dialect's tool
 * @param more the number of rules that the table gains; negative if it loses rules
 * @param written the number of rules that are written, including those that replace equal ones
 */
public record RuleGrowth(IpFamily family, String table, long more, long written) {

    /** Returns the sum of two changes of the same table. */
    public RuleGrowth and(RuleGrowth other) {
        return new RuleGrowth(family, table, more + other.more, written + other.written);
    }
}

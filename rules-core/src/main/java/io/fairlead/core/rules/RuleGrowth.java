package io.fairlead.core.rules;

import io.fairlead.core.net.IpFamily;

/**
 * The effect of a change on the number of rules in one table.
 *
 * @param table the name of the table, as in iptables or nft
 * @param more the number of rules that the table gains; negative if the table loses rules
 * @param written the number of rules that the change writes, including rules that replace equal rules
 */
public record RuleGrowth(IpFamily family, String table, long more, long written) {

    /** Returns the sum of two changes of the same table. */
    public RuleGrowth and(RuleGrowth other) {
        return new RuleGrowth(family, table, more + other.more, written + other.written);
    }
}

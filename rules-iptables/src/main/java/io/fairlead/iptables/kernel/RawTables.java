package io.fairlead.iptables.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.rule.Table;
import java.util.List;

/**
 * The tables of iptables' nft variant, as nf_tables reports them. nf_tables reports the name of every chain and the
 * target of every rule, also if the table contains rules of other programs that iptables cannot show. Not thread-safe.
 */
public interface RawTables {

    /** An implementation that reports nothing. Used for the legacy variant, and if nf_tables cannot be queried. */
    RawTables NONE = new RawTables() {
        @Override
        public List<String> chains(IpFamily family, Table table) {
            return List.of();
        }

        @Override
        public List<RawRule> rules(IpFamily family, Table table, String chain) {
            return List.of();
        }

        @Override
        public List<MapTarget> maps(IpFamily family, Table table) {
            return List.of();
        }
    };

    /** Returns the names of a table's chains; empty if the table does not exist. */
    List<String> chains(IpFamily family, Table table);

    /** Returns the rules of a chain, in order. */
    List<RawRule> rules(IpFamily family, Table table, String chain);

    /** Returns the chains to which elements of the table's maps jump. */
    List<MapTarget> maps(IpFamily family, Table table);

    /**
     * A rule as nf_tables reports it.
     *
     * @param leadsTo the chain to which the rule jumps or goes; "" if the rule has another verdict, or if a map decides
     * @param comment the comment as iptables or nft stores it; "" if there is none
     * @param sets the names of the sets and maps that the rule uses; iptables leaves them out of its text
     */
    record RawRule(String leadsTo, String comment, List<String> sets) {
        /** Copies the list. */
        public RawRule {
            sets = List.copyOf(sets);
        }
    }

    /** An element of a map, whose verdict is a jump or goto to a chain. */
    record MapTarget(String map, String chain) {}
}

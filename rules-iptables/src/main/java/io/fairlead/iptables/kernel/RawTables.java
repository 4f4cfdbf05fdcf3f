package io.fairlead.iptables.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.rule.Table;
import java.util.List;

/**
 * The tables of iptables' nft variant as nf_tables reports them. It names every chain and the target of each rule, even
 * where another program has rules that iptables cannot show. One thread only.
 */
public interface RawTables {

    /** Knows nothing: for the legacy variant, and where nf_tables cannot be queried. */
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

    /** Returns the names of a table's chains; empty if there is no such table. */
    List<String> chains(IpFamily family, Table table);

    /** Returns the rules of a chain in order. */
    List<RawRule> rules(IpFamily family, Table table, String chain);

    /** Returns the chains that elements of the table's maps lead to. */
    List<MapTarget> maps(IpFamily family, Table table);

    /**
     * A rule.
     *
     * @param leadsTo the chain of its jump or goto; "" if it has another verdict or a map decides
     * @param comment the comment as iptables or nft stores it; "" for none
     * @param sets the names of the sets and maps that the rule uses; iptables leaves them out of its text
     */
    record RawRule(String leadsTo, String comment, List<String> sets) {
        /** Copies the list. */
        public RawRule {
            sets = List.copyOf(sets);
        }
    }

    /** An element of a map. */
    record MapTarget(String map, String chain) {}
}

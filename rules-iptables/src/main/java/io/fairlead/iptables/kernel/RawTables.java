package io.fairlead.iptables.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.rule.Table;
import java.util.List;

/**
 * What nf_tables itself says of the tables of iptables' nft variant. It names every chain and says where each rule
 * leads, also where another program has put rules that iptables cannot show. One thread only.
 */
public interface RawTables {

    /** For the legacy variant, and where nf_tables cannot be asked: nothing is known. */
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

    /** The names of a table's chains; none if there is no such table. */
    List<String> chains(IpFamily family, Table table);

    /** A chain's rules in order. */
    List<RawRule> rules(IpFamily family, Table table, String chain);

    /** The chains that elements of the table's maps lead to. */
    List<MapTarget> maps(IpFamily family, Table table);

    /**
     * A rule.
     *
     * @param leadsTo the chain that it jumps or goes to; "" if it decides something else, or a map decides
     * @param comment as iptables or nft keeps it; "" for none
     * @param sets the names of the sets and maps that it asks, which iptables leaves out of its text
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

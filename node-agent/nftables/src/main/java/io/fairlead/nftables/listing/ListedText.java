package io.fairlead.nftables.listing;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.netlink.Attributes;
import io.fairlead.nftables.read.ForeignText;
import io.fairlead.nftables.read.RawSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Writes single sets and rules as in the listing of all tables. Numbers of counted packets are left out, so the text of
 * a rule stays the same while packets pass.
 */
public final class ListedText implements ForeignText {
    private final Words words;

    /**
     * Creates a writer.
     *
     * @param interfaces returns the name of the interface with an index; "" if there is none
     */
    public ListedText(IntFunction<String> interfaces) {
        this.words = new Words(interfaces);
    }

    @Override
    public String declaration(RawSet set) {
        return String.join("\n", new ListedSet(set, List.of()).declaration(new Tally()));
    }

    @Override
    public String rule(Attributes expressions, IpFamily family, Map<String, RawSet> sets) {
        int network = switch (family) {
            case IPV4 -> Headers.IPV4;
            case IPV6 -> Headers.IPV6;
        };
        RuleTable table = new RuleTable(network, false, name -> {
            RawSet set = sets.get(name);
            return set == null ? null : new ListedSet(set, List.of());
        });
        return RuleWriter.write(expressions, table, words, new Tally());
    }
}

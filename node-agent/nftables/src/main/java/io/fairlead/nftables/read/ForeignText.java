package io.fairlead.nftables.read;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.netlink.Attributes;
import java.util.Map;

/** Writes the sets and rules that Fairlead does not write as text, in the form in which nft lists them. */
public interface ForeignText {

    /** Returns the lines that declare a set or map. */
    String declaration(RawSet set);

    /**
     * Returns the text of a rule.
     *
     * @param expressions the attributes that are nested in NFTA_RULE_EXPRESSIONS
     * @param sets the sets and maps of the table by name
     */
    String rule(Attributes expressions, IpFamily family, Map<String, RawSet> sets);
}

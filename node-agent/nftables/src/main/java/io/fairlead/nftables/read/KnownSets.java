package io.fairlead.nftables.read;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.text.TableText;
import java.util.List;

/** Recognises the sets that Fairlead declares. */
public final class KnownSets {
    private KnownSets() {}

    /**
     * Returns the lines that declare a set of Fairlead's table. The lines can contain "typeof" expressions, which the
     * kernel stores only as data for nft. Returns no lines for a set that Fairlead does not declare.
     */
    public static List<String> declaration(RawSet set, IpFamily family) {
        SetType type = SetTypes.of(set, family);
        return type == null ? List.of() : TableText.declaration(type, family);
    }
}

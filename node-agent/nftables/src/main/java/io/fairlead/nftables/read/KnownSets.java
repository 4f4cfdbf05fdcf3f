package io.fairlead.nftables.read;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.TableText;
import java.util.List;

/** Recognises the sets that Fairlead declares. */
public final class KnownSets {
    private KnownSets() {}

    /**
     * Returns the lines that declare a set of Fairlead's table, from a message NFT_MSG_NEWSET. The lines can contain
     * "typeof" expressions, which the kernel stores only as data for nft. Returns no lines for a set that Fairlead does
     * not declare.
     */
    public static List<String> declaration(MessageReader message, IpFamily family) {
        RawSet set = RawSet.read(message, Table.NAME);
        SetType type = set == null ? null : SetTypes.of(set, family);
        return type == null || type instanceof SetType.Foreign ? List.of() : TableText.declaration(type, family);
    }
}

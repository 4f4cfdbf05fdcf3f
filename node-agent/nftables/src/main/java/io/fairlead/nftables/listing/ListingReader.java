package io.fairlead.nftables.listing;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.netlink.InterfaceNames;
import io.fairlead.nftables.read.NetlinkReader;
import io.fairlead.nftables.read.RulesetChangedException;
import io.fairlead.nftables.read.TableDumps;
import java.util.Map;

/** Lists the tables of all programs in one network namespace, by netlink. */
public final class ListingReader {
    private static final int ANY_FAMILY = 0;

    private final NetlinkReader reader;
    private final InterfaceNames interfaces;

    private ListingReader(NetlinkReader reader, InterfaceNames interfaces) {
        this.reader = reader;
        this.interfaces = interfaces;
    }

    /** Creates a reader of the tables in a network namespace. */
    public static ListingReader of(Libc libc, NetworkNamespace namespace) {
        InterfaceNames interfaces = new InterfaceNames(libc, namespace);
        ListedText text = new ListedText(index -> interfaces.read().getOrDefault(index, ""));
        return new ListingReader(new NetlinkReader(libc, namespace, text), interfaces);
    }

    /**
     * Returns the tables of all families. All of them are from one generation of the ruleset, so no transaction is seen
     * in part.
     *
     * @throws io.fairlead.core.rules.ApplyFailedException if the tables cannot be read
     */
    public ListedRuleset read() {
        Map<Integer, String> names = interfaces.read();
        return reader.attempt(dumps -> read(dumps, names));
    }

    private static ListedRuleset read(TableDumps dumps, Map<Integer, String> names) {
        RulesetListing listing = new RulesetListing(index -> names.getOrDefault(index, ""));
        long generation = dumps.generation();
        dumps.run(NFT_MSG_GETTABLE, ANY_FAMILY, "", "", listing::table);
        dumps.run(NFT_MSG_GETSET, ANY_FAMILY, "", "", listing::set);
        dumps.run(NFT_MSG_GETOBJ, ANY_FAMILY, "", "", listing::object);
        dumps.run(NFT_MSG_GETFLOWTABLE, ANY_FAMILY, "", "", listing::flowtable);
        for (RulesetListing.SetOf set : listing.sets()) {
            dumps.run(
                    NFT_MSG_GETSETELEM,
                    set.family(),
                    set.table(),
                    set.set(),
                    message -> listing.elements(set, message));
        }
        dumps.run(NFT_MSG_GETCHAIN, ANY_FAMILY, "", "", listing::chain);
        dumps.run(NFT_MSG_GETRULE, ANY_FAMILY, "", "", listing::rule);
        if (dumps.generation() != generation) {
            throw new RulesetChangedException();
        }
        String text = listing.text();
        return new ListedRuleset(text, listing.notUnderstood());
    }
}

package io.fairlead.cli;

import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.explain.dump.NftListing;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.netlink.NetlinkException;
import io.fairlead.nftables.listing.ListedRuleset;
import io.fairlead.nftables.listing.ListingReader;

/** Lists the nftables rules of all programs by netlink. */
public final class NetlinkListing implements NftListing {
    private final String namespace;

    /**
     * Creates a listing.
     *
     * @param namespace the name of the network namespace; "" for the namespace of this process
     */
    public NetlinkListing(String namespace) {
        this.namespace = namespace;
    }

    @Override
    public Listed list() {
        try {
            Libc libc = Libc.load();
            ListedRuleset listed =
                    ListingReader.of(libc, NetworkNamespace.of(libc, namespace)).read();
            return new Listed(listed.text(), listed.notUnderstood());
        } catch (ApplyFailedException | NetlinkException | IllegalStateException e) {
            throw new UnavailableException("nftables cannot be read by netlink: " + e.getMessage());
        }
    }
}

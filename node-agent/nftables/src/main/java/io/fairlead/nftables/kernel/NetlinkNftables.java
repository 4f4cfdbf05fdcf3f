package io.fairlead.nftables.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nftables.write.NetlinkWriter;
import java.util.List;
import java.util.Optional;

/** The nftables of one network namespace by netlink. No program and no library of nft takes part in writing. */
public final class NetlinkNftables implements Nftables, AutoCloseable {
    private final NetlinkWriter writer;
    private final Nftables listings;

    private NetlinkNftables(NetlinkWriter writer, Nftables listings) {
        this.writer = writer;
        this.listings = listings;
    }

    /**
     * Opens the nftables of a network namespace. The calling thread stays in its own.
     *
     * @param namespace the name as in {@code ip netns}; "" for the namespace of the calling thread
     * @param listings lists tables of the same namespace
     * @throws io.fairlead.linux.netlink.NetlinkException if the kernel has no netlink
     * @throws IllegalStateException if the namespace cannot be entered
     */
    public static NetlinkNftables open(String namespace, Nftables listings) {
        Libc libc = Libc.load();
        return new NetlinkNftables(NetlinkWriter.open(libc, NetworkNamespace.of(libc, namespace)), listings);
    }

    @Override
    public List<Transaction> divided(Transaction transaction) {
        return writer.divided(transaction);
    }

    @Override
    public Answer apply(Transaction transaction) {
        return writer.apply(transaction);
    }

    @Override
    public Optional<String> list(IpFamily family) {
        return listings.list(family);
    }

    @Override
    public Optional<String> list(IpFamily family, SetName map) {
        return listings.list(family, map);
    }

    @Override
    public void close() {
        writer.close();
    }
}

package io.fairlead.nftables.kernel;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.netlink.InterfaceNames;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Client;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nftables.listing.ListedText;
import io.fairlead.nftables.read.NetlinkReader;
import io.fairlead.nftables.write.NetlinkWriter;
import java.util.List;
import java.util.Optional;

/**
 * Reads and writes the nftables rules of one network namespace by netlink, without the program nft and without its
 * library.
 */
public final class NetlinkNftables implements Nftables, AutoCloseable {
    private final NetlinkWriter writer;
    private final NetlinkReader reader;

    private NetlinkNftables(NetlinkWriter writer, NetlinkReader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * Opens the nftables of a network namespace. The calling thread stays in its own namespace.
     *
     * @param namespace the name as in {@code ip netns}; "" for the namespace of the calling thread
     * @throws io.fairlead.linux.netlink.NetlinkException if the kernel refuses a netlink socket
     * @throws IllegalStateException if the namespace cannot be entered
     */
    public static NetlinkNftables open(String namespace) {
        Libc libc = Libc.load();
        NetworkNamespace where = NetworkNamespace.of(libc, namespace);
        InterfaceNames interfaces = new InterfaceNames(libc, where);
        ListedText text = new ListedText(index -> interfaces.read().getOrDefault(index, ""));
        return new NetlinkNftables(NetlinkWriter.open(libc, where), new NetlinkReader(libc, where, text));
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
    public Optional<ReadTable> read(IpFamily family) {
        return reader.read(family);
    }

    @Override
    public Optional<List<Client>> clients(IpFamily family, SetName map) {
        return reader.clients(family, map);
    }

    @Override
    public void close() {
        writer.close();
    }
}

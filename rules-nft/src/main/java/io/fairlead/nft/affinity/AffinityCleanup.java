package io.fairlead.nft.affinity;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.nft.diff.TableChange;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Operation;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.SetType;
import java.util.List;

/**
 * Deletes clients from affinity maps if their endpoint is no longer in the pool (AFF-10). A pool is the list of
 * endpoints from which a frontend chooses.
 *
 * <p>The deletion runs after the rules are written, in a separate transaction. An element may expire after the map is
 * read and before the element is deleted. In this case the kernel refuses the whole transaction, and the map is read
 * again. After {@value #ATTEMPTS} attempts the clients are left to the rules: the chain that stores clients deletes
 * such a client when it sends a packet, and this packet is lost.
 */
public final class AffinityCleanup {
    private static final int ATTEMPTS = 3;

    private final Nftables nftables;

    /** Creates a cleanup that accesses the tables through {@code nftables}. */
    public AffinityCleanup(Nftables nftables) {
        this.nftables = nftables;
    }

    /**
     * Deletes the clients of the endpoints that a change removed from pools with ClientIP affinity. Call this after the
     * kernel accepted the change. If the change removed no such endpoint, the kernel is not accessed. If the kernel
     * cannot be read, the clients are left to the rules.
     */
    public void after(TableChange change) {
        for (RemovedEndpoints removed : RemovedEndpoints.of(change)) {
            try {
                forget(change.family(), removed);
            } catch (ApplyFailedException | ProgramMissingException e) {
                // The rules are correct without this cleanup. They delete the client when its next connection arrives.
                return;
            }
        }
    }

    private void forget(IpFamily family, RemovedEndpoints removed) {
        List<SetName> maps = maps(family, removed);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ClientEndpoints clients = new ClientEndpoints();
            maps.forEach(map -> nftables.clients(family, map).ifPresent(clients::add));
            List<Ip> stale = clients.of(removed.endpoints());
            if (stale.isEmpty() || nftables.apply(deletion(family, maps, stale)) instanceof Nftables.Answer.Done) {
                return;
            }
        }
    }

    private static List<SetName> maps(IpFamily family, RemovedEndpoints removed) {
        return switch (family) {
            case IPV4 -> List.of(removed.pool().remembered());
            case IPV6 -> List.of(removed.pool().remembered(), removed.pool().rememberedPorts());
        };
    }

    private static Transaction deletion(IpFamily family, List<SetName> maps, List<Ip> clients) {
        List<Element> elements = clients.stream()
                .map(client -> Element.of(new ElementKey.Address(client)))
                .toList();
        return new Transaction(List.of(new Transaction.Part(
                family,
                maps.stream()
                        .<Operation>map(map -> new Operation.DeleteElements(declared(map), elements))
                        .toList())));
    }

    /**
     * Returns a map with this name. A deletion needs only the name, so the time-out and the rest of the type are
     * arbitrary.
     */
    private static NamedSet declared(SetName map) {
        SetType type = new SetType.Affinity(1, SetType.Affinity.Remembers.ADDRESS);
        return new NamedSet(map, type, Comment.NONE, List.of());
    }
}

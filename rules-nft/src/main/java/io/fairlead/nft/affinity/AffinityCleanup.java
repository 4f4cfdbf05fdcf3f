package io.fairlead.nft.affinity;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.ApplyFailedException;
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
 * Deletes clients from affinity maps if their endpoint has left the pool (AFF-10), after the rules are written.
 *
 * <p>It runs after the rules and in its own transaction. An element may expire between the read and the deletion,
 * and a deletion of a missing element makes the kernel refuse the whole transaction. Then the map is read again. What
 * {@value #ATTEMPTS} attempts do not reach is left to the rules: the learning chain forgets such a client at the cost
 * of one packet.
 */
public final class AffinityCleanup {
    private static final int ATTEMPTS = 3;

    private final Nftables nftables;

    /** A cleanup of the tables behind {@code nftables}. */
    public AffinityCleanup(Nftables nftables) {
        this.nftables = nftables;
    }

    /**
     * Checks the pools that lose endpoints in a change that the kernel has just accepted; costs nothing if there is
     * none.
     */
    public void after(TableChange change) {
        for (RemovedEndpoints removed : RemovedEndpoints.of(change)) {
            try {
                forget(change.family(), removed);
            } catch (ApplyFailedException e) {
                // The rules are correct without this cleanup, and forget the client themselves when its next connection
                // arrives.
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

    /** Returns a map by its name; its time-out and the other parts of its type do not matter for a deletion. */
    private static NamedSet declared(SetName map) {
        SetType type = new SetType.Affinity(1, SetType.Affinity.Remembers.ADDRESS);
        return new NamedSet(map, type, Comment.NONE, List.of());
    }
}

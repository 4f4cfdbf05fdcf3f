package io.fairlead.nft.affinity;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.nft.diff.TableChange;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.FamilyText;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Lets clients go whose endpoint has left the pool (AFF-10), once the rules are in.
 *
 * <p>It comes after the rules and in a transaction of its own: an element may expire between the listing and the
 * deletion, and a deletion of something that is not there refuses its whole transaction. Then the map is listed again.
 * What is not reached in {@value #ATTEMPTS} attempts is left to the rules: the learning chain lets such a client go at
 * the price of one packet.
 */
public final class AffinityCleanup {
    private static final int ATTEMPTS = 3;

    private final Nftables nftables;

    /** For the tables behind this. */
    public AffinityCleanup(Nftables nftables) {
        this.nftables = nftables;
    }

    /**
     * Looks at the pools that lose endpoints in a change that the kernel has just taken; costs nothing if there is
     * none.
     */
    public void after(TableChange change) {
        for (RemovedEndpoints removed : RemovedEndpoints.of(change)) {
            try {
                forget(change.family(), removed);
            } catch (ApplyFailedException e) {
                // The rules are right without this, and say so themselves when the next client comes.
                return;
            }
        }
    }

    private void forget(IpFamily family, RemovedEndpoints removed) {
        List<SetName> maps = maps(family, removed);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ClientEndpoints clients = new ClientEndpoints();
            maps.forEach(map -> nftables.list(family, map).ifPresent(clients::read));
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

    private static String deletion(IpFamily family, List<SetName> maps, List<Ip> clients) {
        String keys = clients.stream().map(Ip::toString).collect(Collectors.joining(", "));
        StringBuilder commands = new StringBuilder();
        for (SetName map : maps) {
            commands.append("delete element ")
                    .append(FamilyText.of(family))
                    .append(' ')
                    .append(Table.NAME)
                    .append(' ')
                    .append(map)
                    .append(" { ")
                    .append(keys)
                    .append(" }\n");
        }
        return commands.toString();
    }
}

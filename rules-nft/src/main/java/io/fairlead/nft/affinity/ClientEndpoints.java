package io.fairlead.nft.affinity;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.nft.rule.Client;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The endpoint of each client in the affinity maps for one pool. */
final class ClientEndpoints {
    private final Map<Ip, Ip> addresses = new HashMap<>();
    private final Map<Ip, Integer> ports = new HashMap<>();

    /**
     * Stores the elements of one affinity map. For IPv6, call this method for both maps: for the map with the addresses
     * of the endpoints, and for the map with their ports.
     */
    void add(List<Client> clients) {
        for (Client client : clients) {
            client.endpoint().ifPresent(address -> addresses.put(client.ip(), address));
            client.port().ifPresent(port -> ports.put(client.ip(), port));
        }
    }

    /** Returns the clients of these endpoints, sorted by address. */
    List<Ip> of(Collection<IpPort> endpoints) {
        List<Ip> clients = new ArrayList<>();
        addresses.forEach((client, address) -> {
            Integer port = ports.get(client);
            if (port != null && endpoints.contains(new IpPort(address, port))) {
                clients.add(client);
            }
        });
        return clients.stream().sorted().toList();
    }
}

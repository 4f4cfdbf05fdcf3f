package io.fairlead.nft.affinity;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Affinity maps as nft lists them: the endpoint of each client. */
final class ClientEndpoints {
    private static final String ELEMENTS = "elements = {";

    /** Matches "203.0.113.9 timeout 3h expires 2h59m : 10.244.1.11 . 8080"; in IPv6 only an address or a port. */
    private static final Pattern ELEMENT = Pattern.compile(
            "([0-9a-f.:]+)(?: timeout \\w+)?(?: expires \\w+)? : (?:([0-9a-f]*[.:][0-9a-f.:]+)(?: \\. (\\d+))?|(\\d+))");

    private final Map<Ip, Ip> addresses = new HashMap<>();
    private final Map<Ip, Integer> ports = new HashMap<>();

    /** Adds a listed map; in IPv6 the map of addresses and the map of ports, one after the other. */
    void read(String listing) {
        int start = listing.indexOf(ELEMENTS);
        if (start < 0) {
            return;
        }
        Matcher element = ELEMENT.matcher(listing).region(start + ELEMENTS.length(), listing.length());
        while (element.find()) {
            Ip client = Ip.parse(element.group(1));
            @Nullable String address = element.group(2);
            @Nullable String port = element.group(3) == null ? element.group(4) : element.group(3);
            if (address != null) {
                addresses.put(client, Ip.parse(address));
            }
            if (port != null) {
                ports.put(client, Integer.valueOf(port));
            }
        }
    }

    /** Returns the clients of these endpoints, sorted. */
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

package io.fairlead.lab;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Ipv4;
import io.fairlead.core.net.Ipv6;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes the lines for {@code ip -batch} that set addresses and routes at both ends of a link between the node and a
 * host.
 */
final class Wiring {
    private final List<Ip> nodeAddresses;
    private boolean uplinkIpv4;
    private boolean uplinkIpv6;

    Wiring(List<Ip> nodeAddresses) {
        this.nodeAddresses = nodeAddresses;
    }

    /** Returns the lines for the host's namespace. */
    List<String> hostLines(Lab.Side side, List<Ip> addresses) {
        List<String> lines = new ArrayList<>(List.of("link set lo up", "link set eth0 up"));
        addresses.forEach(address -> lines.add("addr add " + host(address) + " dev eth0" + noDad(address)));
        lines.add("route add " + host(gateway(side)) + " dev eth0 scope link");
        lines.add("route add default via " + gateway(side));
        addresses.stream()
                .filter(Ipv6.class::isInstance)
                .findFirst()
                .ifPresent(source -> lines.add("route add default via fe80::1 dev eth0 src " + source));
        return lines;
    }

    /**
     * Returns the lines for the node's namespace.
     *
     * @param link the name of the node's interface on this link
     */
    List<String> nodeLines(String link, Lab.Side side, List<Ip> addresses) {
        List<String> lines = new ArrayList<>();
        lines.add("link set " + link + " up");
        lines.add("addr add " + host(gateway(side)) + " dev " + link);
        lines.add("addr add fe80::1/64 dev " + link + " nodad");
        gateway6(side).ifPresent(gateway -> lines.add("addr add " + host(gateway) + " dev " + link + " nodad"));
        for (Ip address : addresses) {
            lines.add("route add " + host(address) + " dev " + link);
        }
        if (side == Lab.Side.OUTSIDE) {
            addresses.forEach(address -> uplink(address, link).ifPresent(lines::add));
        }
        return lines;
    }

    private Optional<String> uplink(Ip neighbour, String link) {
        String line = "route add default via " + neighbour + " dev " + link + " onlink";
        return switch (neighbour) {
            case Ipv4 _
            when !uplinkIpv4 -> {
                uplinkIpv4 = true;
                yield Optional.of(line);
            }
            case Ipv6 _
            when !uplinkIpv6 -> {
                uplinkIpv6 = true;
                yield Optional.of(line);
            }
            case Ipv4 _, Ipv6 _ -> Optional.empty();
        };
    }

    private Ip gateway(Lab.Side side) {
        return switch (side) {
            case POD -> Lab.POD_GATEWAY;
            case OUTSIDE -> first(IpFamily.IPV4).orElseThrow();
        };
    }

    private Optional<Ip> gateway6(Lab.Side side) {
        return switch (side) {
            case POD -> Optional.of(Lab.POD_GATEWAY6);
            case OUTSIDE -> first(IpFamily.IPV6);
        };
    }

    private Optional<Ip> first(IpFamily family) {
        return nodeAddresses.stream()
                .filter(address -> address.family() == family)
                .findFirst();
    }

    static String host(Ip address) {
        return address + "/" + address.family().bits();
    }

    static String noDad(Ip address) {
        return address.family() == IpFamily.IPV6 ? " nodad" : "";
    }
}

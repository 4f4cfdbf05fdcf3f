package io.fairlead.iptables.trace;

import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.trace.Packet;
import io.fairlead.iptables.rule.ConnectionState;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Probability;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the conditions of a rule for a packet, on one host. The packet is the first packet of a client, so no
 * {@code recent} list contains the client.
 */
final class Conditions {
    private final Host host;

    Conditions(Host host) {
        this.host = host;
    }

    /**
     * Returns the probability that all conditions are true for the packet: 0, 1, or the probability of a random match.
     */
    double chance(List<Match> matches, Packet packet) {
        double chance = 1;
        for (int i = 0; i < matches.size() && chance > 0; i++) {
            chance *= chance(matches.get(i), packet);
        }
        return chance;
    }

    private double chance(Match match, Packet packet) {
        return switch (match) {
            case Match.Random(Probability probability) -> probability.share();
            case Match.RecentCheck _ -> 0;
            case Match.RecentSet _ -> 1;
            case Match.Mark(int mark, int mask, boolean negated) -> certain((packet.mark() & mask) == mark != negated);
            case Match.SourceIsLocal _ -> certain(host.isLocal(packet.from()));
            case Match.DestinationIsLocal _ -> certain(host.isLocal(packet.to().ip()));
            case Match.IsProtocol(Protocol protocol) -> certain(packet.flow().protocol() == protocol);
            case Match.Destination(Cidr cidr, boolean negated) ->
                certain(cidr.contains(packet.to().ip()) != negated);
            case Match.DestinationPort(int port) -> certain(packet.to().port() == port);
            case Match.DestinationPorts(int first, int last) ->
                certain(packet.to().port() >= first && packet.to().port() <= last);
            case Match.Source(Cidr cidr, boolean negated) -> certain(cidr.contains(packet.from()) != negated);
            case Match.InInterface(InterfaceName name, boolean prefix, boolean negated) ->
                certain(comesInBy(packet.input(), name, prefix) != negated);
            case Match.Tracked(Set<ConnectionState> states, boolean negated) ->
                certain(isInOneOf(states, packet) != negated);
            case Match.Counted _ -> 1;
        };
    }

    private static double certain(boolean met) {
        return met ? 1 : 0;
    }

    private static boolean comesInBy(@Nullable InterfaceName input, InterfaceName name, boolean prefix) {
        return input != null && (prefix ? input.text().startsWith(name.text()) : input.equals(name));
    }

    /**
     * Returns whether the conntrack state of the packet is one of these states. A first packet has state NEW. After
     * translation it also has state DNAT, because xt_conntrack checks the status bits.
     */
    private static boolean isInOneOf(Set<ConnectionState> states, Packet packet) {
        return states.contains(ConnectionState.NEW) || (states.contains(ConnectionState.DNAT) && packet.translated());
    }
}

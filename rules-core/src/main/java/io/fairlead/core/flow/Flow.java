package io.fairlead.core.flow;

import io.fairlead.core.net.InterfaceName;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * The first packet of a connection.
 *
 * @param port the destination port, 1 to 65535
 * @param inputInterface the interface at which the packet arrives; null if the interface is unknown or this node sends
 *     the packet
 */
public record Flow(
        Protocol protocol,
        Ip from,
        Ip to,
        int port,
        @Nullable InterfaceName inputInterface) {

    /**
     * Checks the families and the port.
     *
     * @throws IllegalArgumentException if the addresses have different families or the port is not in 1 to 65535
     */
    public Flow {
        if (from.family() != to.family()) {
            throw new IllegalArgumentException("addresses of different families: " + from + " and " + to);
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port out of range: " + port);
        }
    }

    /** Creates a flow whose input interface is unknown. */
    public Flow(Protocol protocol, Ip from, Ip to, int port) {
        this(protocol, from, to, port, null);
    }

    /** Returns the text for people, for example "tcp 10.0.0.1 -> 10.96.0.1:80". */
    public String text() {
        return protocol + " " + from + " -> " + new IpPort(to, port);
    }

    @Override
    public String toString() {
        return text();
    }
}

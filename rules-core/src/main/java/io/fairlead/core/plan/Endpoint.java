package io.fairlead.core.plan;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;

/**
 * Somewhere a packet may be sent to.
 *
 * @param local whether it runs on this node (EPS-8)
 */
public record Endpoint(IpPort address, boolean local) {

    /** The endpoint's address without the port. */
    public Ip ip() {
        return address.ip();
    }

    /** The endpoint's port, 1 to 65535. */
    public int port() {
        return address.port();
    }

    /** "ip:port" or "[ip]:port". */
    public String text() {
        return address.text();
    }

    @Override
    public String toString() {
        return text();
    }
}

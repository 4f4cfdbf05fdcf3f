package io.fairlead.core.plan;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;

/**
 * One address and port that serves a Service port.
 *
 * @param place the place where the endpoint runs, relative to this node
 */
public record Endpoint(IpPort address, Place place) {

    /** The place where an endpoint runs, relative to this node. */
    public enum Place {
        /** On this node (EPS-8). */
        THIS_NODE,
        /** On another node. On this node, packets from the endpoint do not count as packets from a local pod. */
        OTHER_NODE,
        /**
         * Possibly on this node: no slice names its node, the slices contradict each other, or the name of this node is
         * unknown.
         */
        UNKNOWN
    }

    /** Returns whether the endpoint is known to run on this node (EPS-8). */
    public boolean local() {
        return place == Place.THIS_NODE;
    }

    /**
     * Returns this endpoint as it counts if another list has it too (EPS-9). It is on this node if either list says so,
     * and on another node only if both say so.
     */
    Endpoint merged(Endpoint other) {
        return place == other.place || local() ? this : other.local() ? other : new Endpoint(address, Place.UNKNOWN);
    }

    /** Returns the IP address, without the port. */
    public Ip ip() {
        return address.ip();
    }

    /** Returns the port, 1 to 65535. */
    public int port() {
        return address.port();
    }

    /** Returns "ip:port" or "[ip]:port". */
    public String text() {
        return address.text();
    }

    @Override
    public String toString() {
        return text();
    }
}

package io.fairlead.core.plan;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;

/**
 * Somewhere a packet may be sent to.
 *
 * @param place where it runs, as far as the cluster says
 */
public record Endpoint(IpPort address, Place place) {

    /** Where an endpoint runs. */
    public enum Place {
        /** Here (EPS-8). */
        THIS_NODE,
        /**
         * On a node that is named and is not this one: nothing that it sends comes to this node's rules as from a pod
         * of its own.
         */
        OTHER_NODE,
        /**
         * Perhaps here: nobody says on which node it runs, or not everybody says the same, or this node's own name is
         * not known.
         */
        UNKNOWN
    }

    /** Whether it is known to run on this node (EPS-8). */
    public boolean local() {
        return place == Place.THIS_NODE;
    }

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

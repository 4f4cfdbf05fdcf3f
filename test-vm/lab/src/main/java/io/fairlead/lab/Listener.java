package io.fairlead.lab;

import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;

/** Somebody who answers on one address, protocol and port of a host, until it is closed. */
public sealed interface Listener extends AutoCloseable permits TcpListener, UdpListener {

    /** TCP or UDP. */
    Protocol protocol();

    /** Where it listens. */
    IpPort at();

    /** How many questions it has answered. */
    long answered();

    /** Stops; connections that are open are cut. */
    @Override
    void close();
}

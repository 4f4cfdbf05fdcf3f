package io.fairlead.lab;

import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;

/** A server on one address, protocol and port of a host. It answers until it is closed. */
public sealed interface Listener extends AutoCloseable permits TcpListener, UdpListener {

    /** TCP or UDP. */
    Protocol protocol();

    /** Returns the address and port at which it listens. */
    IpPort at();

    /** The number of questions that it has answered. */
    long answered();

    /** Stops the listener and cuts open connections. */
    @Override
    void close();
}

package io.fairlead.lab;

import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;

/** A server for one protocol at one address and port of a host. It answers until it is closed. */
public sealed interface Listener extends AutoCloseable permits TcpListener, UdpListener {

    /** Returns the protocol, TCP or UDP. */
    Protocol protocol();

    /** Returns the address and port at which this listener listens. */
    IpPort at();

    /** Returns the number of questions that this listener has answered. */
    long answered();

    /** Stops the listener and closes open connections with a reset. */
    @Override
    void close();
}

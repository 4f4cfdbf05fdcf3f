package io.fairlead.lab;

import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicLong;

/** Answers each datagram with one datagram. */
final class UdpListener implements Listener {
    private static final int RECEIVE_BUFFER = 1 << 20;

    private final String name;
    private final IpPort at;
    private final DatagramChannel channel;
    private final AtomicLong answered = new AtomicLong();

    private UdpListener(String name, IpPort at, DatagramChannel channel) {
        this.name = name;
        this.at = at;
        this.channel = channel;
    }

    /** Opens a listener. Call it on a thread in the listener's namespace. */
    static UdpListener open(String name, IpPort at) throws IOException {
        DatagramChannel channel =
                DatagramChannel.open(Addresses.protocolFamily(at.ip().family()));
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            channel.bind(Addresses.socketAddress(at.ip(), at.port()));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        UdpListener listener = new UdpListener(name, at, channel);
        Thread.ofVirtual().name("serve " + at + "/udp").start(listener::serve);
        return listener;
    }

    private void serve() {
        ByteBuffer question = ByteBuffer.allocate(64);
        while (channel.isOpen()) {
            try {
                SocketAddress from = channel.receive(question.clear());
                answered.incrementAndGet();
                channel.send(
                        ByteBuffer.wrap(
                                new Greeting(name, at, Addresses.ipPort(from).ip()).line()),
                        from);
            } catch (IOException e) {
                // Either the channel was closed, or an answer could not be sent. In the second case the client reports
                // a time-out.
            }
        }
    }

    @Override
    public Protocol protocol() {
        return Protocol.UDP;
    }

    @Override
    public IpPort at() {
        return at;
    }

    @Override
    public long answered() {
        return answered.get();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new LabException("cannot close " + at, e);
        }
    }
}

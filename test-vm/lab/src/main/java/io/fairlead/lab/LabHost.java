package io.fairlead.lab;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One network namespace of a lab: the node, a pod, or somebody outside. Methods may be called from any thread. */
public final class LabHost {
    private final String name;
    private final String namespace;
    private final List<Ip> addresses;
    private final NamespaceThread thread;
    private final Client client;
    private final List<Listener> listeners = new ArrayList<>();

    LabHost(String name, String namespace, List<Ip> addresses) {
        this.name = name;
        this.namespace = namespace;
        this.addresses = List.copyOf(addresses);
        this.thread = new NamespaceThread(namespace);
        this.client = new Client(thread);
    }

    /** As it was given to the lab: "client", "my-nginx-1". */
    public String name() {
        return name;
    }

    /** What {@code ip netns} calls it. */
    public String namespace() {
        return namespace;
    }

    /** Its own addresses, in the order given to the lab. */
    public List<Ip> addresses() {
        return addresses;
    }

    /**
     * Lets the host answer, under its own name, on one of its addresses.
     *
     * @throws LabException if the address is not the host's or the port is taken
     * @throws IllegalArgumentException for SCTP, for which the lab has no sockets
     */
    public Listener listen(Protocol protocol, IpPort at) {
        return listen(protocol, at, name);
    }

    /** The same under another name, without spaces: one host may stand for several. */
    public synchronized Listener listen(Protocol protocol, IpPort at, String answersAs) {
        Listener listener = thread.call(() -> switch (protocol) {
            case TCP -> TcpListener.open(answersAs, at);
            case UDP -> UdpListener.open(answersAs, at);
            case SCTP -> throw new IllegalArgumentException("the lab has no SCTP sockets");
        });
        listeners.add(listener);
        return listener;
    }

    /**
     * Asks once, over a connection or from a port of its own.
     *
     * @param from an address of this host; null lets the kernel choose
     * @param patience for the connection, and once more for the answer
     */
    public Answer ask(Protocol protocol, @Nullable Ip from, IpPort to, Duration patience) {
        return client.ask(protocol, from, to, patience);
    }

    /**
     * Opens a TCP connection that stays.
     *
     * @param from an address of this host; null lets the kernel choose
     * @param patience for the connection and for every answer on it
     * @throws IOException if it does not come about
     */
    public Conversation converse(@Nullable Ip from, IpPort to, Duration patience) throws IOException {
        return client.converse(from, to, patience);
    }

    /**
     * Runs something on a platform thread that is in the host's namespace: what it opens there (sockets, files below
     * /proc/sys/net, processes, netlink) is the host's. One at a time.
     *
     * @throws LabException if it throws
     */
    public <T> T inside(Callable<T> task) {
        return thread.call(task);
    }

    /**
     * Sets a kernel parameter of the host's network.
     *
     * @param key with slashes, below /proc/sys/net: "ipv4/ip_forward"
     * @throws LabException if there is no such parameter or it does not take the value
     */
    public void sysctl(String key, String value) {
        inside(() -> Files.writeString(Path.of("/proc/sys/net", key), value));
    }

    /** The same, unless the kernel has no such parameter for a namespace. */
    void sysctlIfThere(String key, String value) {
        inside(() -> {
            Path parameter = Path.of("/proc/sys/net", key);
            return Files.exists(parameter) ? Files.writeString(parameter, value) : parameter;
        });
    }

    /** Ends listeners and thread; the namespace itself is the lab's to delete. */
    synchronized void close() {
        listeners.forEach(Listener::close);
        listeners.clear();
        thread.close();
    }

    @Override
    public String toString() {
        return name + " " + addresses;
    }
}

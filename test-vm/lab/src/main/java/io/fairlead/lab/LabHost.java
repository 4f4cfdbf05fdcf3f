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

/** One network namespace of a lab: the node, a pod, or a host outside the cluster. Safe for several threads. */
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

    /** Returns the name given to the lab: "client", "my-nginx-1". */
    public String name() {
        return name;
    }

    /** Returns the name by which {@code ip netns} knows the namespace. */
    public String namespace() {
        return namespace;
    }

    /** Returns the host's addresses, in the order given to the lab. */
    public List<Ip> addresses() {
        return addresses;
    }

    /**
     * Starts a listener on one of the host's addresses, with the host's name.
     *
     * @throws LabException if the address is not the host's, or the port is in use
     * @throws IllegalArgumentException for SCTP, because the lab has no SCTP sockets
     */
    public Listener listen(Protocol protocol, IpPort at) {
        return listen(protocol, at, name);
    }

    /** Starts a listener with another name, without spaces, so that one host can play several. */
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
     * Connects once: by a TCP connection, or by a datagram from a new port.
     *
     * @param from an address of this host; null lets the kernel choose
     * @param patience time limit for the connection, and again for the answer
     */
    public Answer ask(Protocol protocol, @Nullable Ip from, IpPort to, Duration patience) {
        return client.ask(protocol, from, to, patience);
    }

    /**
     * Opens a TCP connection that stays open.
     *
     * @param from an address of this host; null lets the kernel choose
     * @param patience time limit for the connection, and for every answer on it
     * @throws IOException if the connection cannot be opened
     */
    public Conversation converse(@Nullable Ip from, IpPort to, Duration patience) throws IOException {
        return client.converse(from, to, patience);
    }

    /**
     * Runs a task on a platform thread in the host's namespace. Everything that the task opens (sockets, files below
     * /proc/sys/net, processes, netlink) belongs to that namespace. Tasks run one at a time.
     *
     * @throws LabException if the task throws
     */
    public <T> T inside(Callable<T> task) {
        return thread.call(task);
    }

    /**
     * Sets a kernel parameter of the host's network.
     *
     * @param key path with slashes below /proc/sys/net: "ipv4/ip_forward"
     * @throws LabException if there is no such parameter, or it refuses the value
     */
    public void sysctl(String key, String value) {
        inside(() -> Files.writeString(Path.of("/proc/sys/net", key), value));
    }

    /** Sets a kernel parameter. Does nothing if the kernel has no such parameter in a namespace. */
    void sysctlIfThere(String key, String value) {
        inside(() -> {
            Path parameter = Path.of("/proc/sys/net", key);
            return Files.exists(parameter) ? Files.writeString(parameter, value) : parameter;
        });
    }

    /** Ends the listeners and the thread. The lab deletes the namespace itself. */
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

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

/** One network namespace of a lab: the node, a pod, or a host outside the cluster. Thread-safe. */
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

    /** Returns the name of the host in the lab, for example "client" or "my-nginx-1". */
    public String name() {
        return name;
    }

    /** Returns the name of the namespace as in {@code ip netns}. */
    public String namespace() {
        return namespace;
    }

    /** Returns the host's addresses, in the order in which they were passed to the lab. */
    public List<Ip> addresses() {
        return addresses;
    }

    /**
     * Starts a listener on one of the host's addresses. It answers with the name of the host.
     *
     * @throws LabException if the address is not the host's, or the port is in use
     * @throws IllegalArgumentException for SCTP, because the lab has no SCTP sockets
     */
    public Listener listen(Protocol protocol, IpPort at) {
        return listen(protocol, at, name);
    }

    /**
     * Starts a listener that answers with another name, which must not contain spaces. One host can thus stand for
     * several pods.
     */
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
     * Connects once, with a TCP connection or with a UDP datagram from a new port.
     *
     * @param from the source address, an address of this host; null if the kernel chooses it
     * @param patience the time limit for the connection, and the time limit for the answer
     */
    public Answer ask(Protocol protocol, @Nullable Ip from, IpPort to, Duration patience) {
        return client.ask(protocol, from, to, patience);
    }

    /**
     * Opens a TCP connection that stays open.
     *
     * @param from the source address, an address of this host; null if the kernel chooses it
     * @param patience the time limit for the connection, and for every answer on it
     * @throws IOException if the connection cannot be opened
     */
    public Conversation converse(@Nullable Ip from, IpPort to, Duration patience) throws IOException {
        return client.converse(from, to, patience);
    }

    /**
     * Runs a task on a platform thread in the host's namespace. Everything that the task opens (sockets, files below
     * /proc/sys/net, processes, netlink) belongs to that namespace. Tasks run one after the other.
     *
     * @throws LabException if the task throws
     */
    public <T> T inside(Callable<T> task) {
        return thread.call(task);
    }

    /**
     * Sets a kernel parameter of the host's network.
     *
     * @param key the path below /proc/sys/net, for example "ipv4/ip_forward"
     * @throws LabException if the parameter does not exist, or if the kernel refuses the value
     */
    public void sysctl(String key, String value) {
        inside(() -> Files.writeString(Path.of("/proc/sys/net", key), value));
    }

    /** Sets a kernel parameter. Does nothing if the parameter does not exist in this namespace. */
    void sysctlIfThere(String key, String value) {
        inside(() -> {
            Path parameter = Path.of("/proc/sys/net", key);
            return Files.exists(parameter) ? Files.writeString(parameter, value) : parameter;
        });
    }

    /** Ends the listeners and the thread. The lab deletes the namespace. */
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

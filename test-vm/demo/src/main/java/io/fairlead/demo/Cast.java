package io.fairlead.demo;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.lab.Lab;
import io.fairlead.lab.LabHost;
import io.fairlead.linux.process.ProcessRunner;
import java.util.Arrays;
import java.util.List;

/** The hosts of the demo: the node, its pods, and three hosts outside the cluster. */
final class Cast implements AutoCloseable {
    private static final String PREFIX = "fairlead-demo";

    private final Lab lab;
    private final LabHost client;
    private final LabHost office;
    private final LabHost firstNginx;
    private final LabHost secondNginx;
    private final LabHost cart;

    /**
     * Builds all hosts and starts their listeners.
     *
     * @throws io.fairlead.lab.LabException if they cannot be built
     */
    Cast(ProcessRunner runner) {
        lab = Lab.open(runner, PREFIX, addresses("192.0.2.1", "2001:db8:1::1"));
        try {
            client = lab.add("client", Lab.Side.OUTSIDE, addresses("192.0.2.10", "2001:db8:1::10"));
            office = lab.add("office", Lab.Side.OUTSIDE, addresses("192.0.2.20"));
            LabHost database = lab.add("database", Lab.Side.OUTSIDE, addresses("198.51.100.20"));
            database.listen(Protocol.TCP, new IpPort(database.addresses().getFirst(), 5432));
            firstNginx = pod("my-nginx-1", "35", Protocol.TCP, 80);
            secondNginx = pod("my-nginx-2", "36", Protocol.TCP, 80);
            cart = pod("cart-1", "41", Protocol.TCP, 8080);
            pod("cart-2", "42", Protocol.TCP, 8080);
            pod("name-server-1", "51", Protocol.UDP, 5353);
            pod("name-server-2", "52", Protocol.UDP, 5353);
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    /**
     * Adds a pod with a listener on each of its addresses. {@code number} is the last part of its IPv4 address and of
     * its IPv6 address.
     */
    LabHost pod(String name, String number, Protocol protocol, int port) {
        LabHost pod = lab.add(name, Lab.Side.POD, addresses("10.244.1." + number, "fd00:10:244:1::" + number));
        pod.addresses().forEach(address -> pod.listen(protocol, new IpPort(address, port)));
        return pod;
    }

    /** Removes a pod without closing its connections, as if it crashed. */
    void end(LabHost pod) {
        lab.remove(pod);
    }

    LabHost node() {
        return lab.node();
    }

    /** Returns a host outside the cluster. */
    LabHost client() {
        return client;
    }

    /** Returns a host outside the cluster, in the network 192.0.2.16/28. */
    LabHost office() {
        return office;
    }

    /** Returns the pod of my-nginx that exists until the end of the demo. */
    LabHost firstNginx() {
        return firstNginx;
    }

    /** Returns the pod of my-nginx that the demo removes. */
    LabHost secondNginx() {
        return secondNginx;
    }

    LabHost cart() {
        return cart;
    }

    /** Returns the node's address on the links to pods. Pods see it as the source of masqueraded packets. */
    Ip gateway() {
        return Lab.POD_GATEWAY;
    }

    List<Ip> nodeAddresses() {
        return List.copyOf(lab.nodeAddresses());
    }

    ProcessRunner nodeRunner() {
        return lab.nodeRunner();
    }

    @Override
    public void close() {
        lab.close();
    }

    private static List<Ip> addresses(String... texts) {
        return Arrays.stream(texts).map(Ip::parse).toList();
    }
}

package io.fairlead.bench.cluster;

import io.fairlead.bench.cluster.ControlPlane.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Fills a cluster with Services and their slices. An API server goes through the addresses of all Services for each new
 * one (kube-apiserver 1.37.2: two thirds of its time at 10,000, and more with each), so it makes one of them, and the
 * others are written behind its back, into etcd, as it wrote that one: with address, identity and all. Slices take the
 * usual way, and so does a change to each Service.
 */
final class Filling {
    private static final Pattern VERSION = Pattern.compile("\\s*\"resourceVersion\": ?\"\\d+\",");
    private static final Pattern UID = Pattern.compile("(\"uid\": ?\")[0-9a-f-]+\"");
    private static final String ADDRESSES = "/apis/networking.k8s.io/v1/ipaddresses/";
    private static final String SERVICE_KEY = "/registry/services/specs/default/";
    private static final String ADDRESS_KEY = "/registry/ipaddresses/";

    private final ControlPlane plane;
    private final LargeCluster cluster;

    Filling(ControlPlane plane, LargeCluster cluster) {
        this.plane = plane;
        this.cluster = cluster;
    }

    /** Adds Services with these numbers. */
    void add(int from, int to) {
        if (from == to) {
            return;
        }
        plane.sendAll(List.of(new Write("POST", LargeCluster.SERVICES, cluster.serviceJson(from))));
        String name = LargeCluster.serviceName(from);
        String address = LargeCluster.text(LargeCluster.address(from));
        String service = plane.read(LargeCluster.SERVICES + "/" + name);
        String holder = plane.read(ADDRESSES + address);
        List<ControlPlane.Entry> entries = new ArrayList<>();
        for (int number = from + 1; number < to; number++) {
            String itsName = LargeCluster.serviceName(number);
            String itsAddress = LargeCluster.text(LargeCluster.address(number));
            entries.add(
                    new ControlPlane.Entry(ADDRESS_KEY + itsAddress, like(holder, name, itsName, address, itsAddress)));
            entries.add(
                    new ControlPlane.Entry(SERVICE_KEY + itsName, like(service, name, itsName, address, itsAddress)));
        }
        plane.store(entries);
        List<Write> writes = new ArrayList<>();
        for (int number = from; number < to; number++) {
            // Changes nothing, and has the server write the Service again in its own form, which it reads faster.
            writes.add(new Write("PATCH", LargeCluster.SERVICES + "/" + LargeCluster.serviceName(number), "{}"));
            writes.add(new Write("POST", LargeCluster.SLICES, cluster.sliceJson(number)));
        }
        plane.sendAll(writes);
    }

    /** An object with another name, address and identity, as it is stored: without a version. */
    static String like(String object, String name, String itsName, String address, String itsAddress) {
        String text = VERSION.matcher(object).replaceAll("");
        text = UID.matcher(text).replaceAll("$1" + UUID.randomUUID() + "\"");
        return text.replace('"' + name + '"', '"' + itsName + '"').replace('"' + address + '"', '"' + itsAddress + '"');
    }
}

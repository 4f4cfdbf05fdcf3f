package io.fairlead.bench.cluster;

import io.fairlead.bench.cluster.ObjectWriter.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Fills a cluster with Services and their slices. For each new Service the API server checks the addresses of all other
 * Services. At 10,000 Services this takes two thirds of the time of kube-apiserver 1.37.2, and the share grows with the
 * number of Services. Therefore only one Service is created through the API. Copies of its stored form, with new names,
 * addresses and identities, are written directly into etcd. Slices, and one change to each Service, are written through
 * the API.
 */
final class Filling {
    private static final Pattern VERSION = Pattern.compile("\\s*\"resourceVersion\": ?\"\\d+\",");
    private static final Pattern UID = Pattern.compile("(\"uid\": ?\")[0-9a-f-]+\"");
    private static final String ADDRESSES = "/apis/networking.k8s.io/v1/ipaddresses/";
    private static final String SERVICE_KEY = "/registry/services/specs/default/";
    private static final String ADDRESS_KEY = "/registry/ipaddresses/";

    private final ObjectWriter plane;
    private final LargeCluster cluster;

    Filling(ObjectWriter plane, LargeCluster cluster) {
        this.plane = plane;
        this.cluster = cluster;
    }

    /** Adds the Services with the numbers from {@code from} (included) to {@code to} (excluded). */
    void add(int from, int to) {
        if (from == to) {
            return;
        }
        plane.sendAll(List.of(new Write("POST", LargeCluster.SERVICES, cluster.serviceJson(from))));
        String name = LargeCluster.serviceName(from);
        String address = LargeCluster.text(LargeCluster.address(from));
        String service = plane.read(LargeCluster.SERVICES + "/" + name);
        String holder = plane.read(ADDRESSES + address);
        List<ObjectWriter.Entry> entries = new ArrayList<>();
        for (int number = from + 1; number < to; number++) {
            String itsName = LargeCluster.serviceName(number);
            String itsAddress = LargeCluster.text(LargeCluster.address(number));
            entries.add(
                    new ObjectWriter.Entry(ADDRESS_KEY + itsAddress, like(holder, name, itsName, address, itsAddress)));
            entries.add(
                    new ObjectWriter.Entry(SERVICE_KEY + itsName, like(service, name, itsName, address, itsAddress)));
        }
        plane.store(entries);
        List<Write> writes = new ArrayList<>();
        for (int number = from; number < to; number++) {
            // The empty patch makes the server store the Service in its own encoding, which it reads faster than JSON.
            writes.add(new Write("PATCH", LargeCluster.SERVICES + "/" + LargeCluster.serviceName(number), "{}"));
            writes.add(new Write("POST", LargeCluster.SLICES, cluster.sliceJson(number)));
        }
        plane.sendAll(writes);
    }

    /** Returns a copy of a stored object with another name, address and identity, and without a resource version. */
    static String like(String object, String name, String itsName, String address, String itsAddress) {
        String text = VERSION.matcher(object).replaceAll("");
        text = UID.matcher(text).replaceAll("$1" + UUID.randomUUID() + "\"");
        return text.replace('"' + name + '"', '"' + itsName + '"').replace('"' + address + '"', '"' + itsAddress + '"');
    }
}

package io.fairlead.cli;

import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.core.cluster.ServiceObject;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The names of pods, nodes and Services by their addresses, for the answers of commands. */
final class AddressNames {
    /** No names, because no objects are given. */
    static final AddressNames NONE = new AddressNames(Map.of());

    private final Map<Ip, String> names;

    private AddressNames(Map<Ip, String> names) {
        this.names = names;
    }

    /** Returns the names of all addresses among the objects. */
    static AddressNames of(ClusterInput input) {
        Map<Ip, String> names = new TreeMap<>();
        input.pods().byAddress().forEach((ip, pod) -> names.put(ip, "pod " + pod));
        input.state()
                .nodes()
                .values()
                .forEach(node -> node.addresses().forEach(ip -> names.putIfAbsent(ip, "node " + node.name())));
        for (ServiceObject service : input.state().services().values()) {
            String name = "Service " + service.name();
            service.clusterIps().values().forEach(ip -> names.putIfAbsent(ip, name));
            service.loadBalancerIps().forEach(ip -> names.putIfAbsent(ip, name));
            service.externalIps().forEach(ip -> names.putIfAbsent(ip, name));
        }
        return new AddressNames(names);
    }

    /** Returns the address with its name: "10.244.1.5 (pod default/web-1)"; the address alone if it has no name. */
    String text(Ip ip) {
        String name = names.get(ip);
        return name == null ? ip.text() : ip + " (" + name + ")";
    }

    /** Returns the address and port with the name: "10.244.1.5:8080 (pod default/web-1)". */
    String text(IpPort address) {
        String name = names.get(address.ip());
        return name == null ? address.text() : address.text() + " (" + name + ")";
    }

    /** Returns the packet with the names of both addresses. */
    String text(Flow flow) {
        return flow.protocol() + " " + text(flow.from()) + " -> " + text(new IpPort(flow.to(), flow.port()));
    }

    Optional<String> of(Ip ip) {
        return Optional.ofNullable(names.get(ip));
    }

    /** Returns the names that these addresses have. */
    Map<String, String> among(Collection<Ip> addresses) {
        Map<String, String> found = new LinkedHashMap<>();
        new TreeSet<>(addresses).forEach(ip -> of(ip).ifPresent(name -> found.put(ip.text(), name)));
        return found;
    }

    /**
     * Returns the address that an option names: an IP address, or a pod as NAMESPACE/NAME.
     *
     * @param family the family of the pod's address
     */
    static Ip address(String option, String text, IpFamily family, ClusterInput input) {
        if (text.indexOf('/') < 0) {
            return ip(option, text);
        }
        return input.pods()
                .address(text, family)
                .orElseThrow(() -> new CommandException(
                        ExitCode.USAGE,
                        option + ": no pod \"" + text + "\" with an " + family + " address among the objects",
                        List.of(
                                "an EndpointSlice names only the pods of its Service; give other pods with -f, from"
                                        + " kubectl get pods -A -o yaml",
                                "or give the IP address of the pod")));
    }

    static Ip ip(String option, String text) {
        try {
            return Ip.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, option + ": " + e.getMessage());
        }
    }
}

package io.fairlead.doctor;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.net.Ip;
import io.fairlead.core.plan.ProxyMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Checks the lists of clients with session affinity in iptables mode, and the number of iptables rules. */
final class SizeChecks {
    private static final int MANY_RULES = 20_000;
    private static final int MOST_NOTED = 90;

    private SizeChecks() {}

    static List<Diagnosis> of(Examined node) {
        List<Diagnosis> found = new ArrayList<>();
        remembered(node, found);
        rules(node, found);
        return found;
    }

    /**
     * Reports lists of xt_recent that are at least 90 % full, or that may be too short for the cluster. A full list
     * forgets its oldest client for each new client.
     */
    private static void remembered(Examined node, List<Diagnosis> found) {
        if (node.recentTotal().isEmpty() || node.mode() != ProxyMode.IPTABLES) {
            return;
        }
        long total = node.recentTotal().getAsLong();
        SortedSet<String> full = new TreeSet<>();
        for (Map.Entry<String, List<Ip>> list : node.dump().remembered().entrySet()) {
            if (list.getKey().startsWith("KUBE-") && list.getValue().size() * 100L >= total * MOST_NOTED) {
                full.add(list.getKey() + " (" + list.getValue().size() + ")");
            }
        }
        if (!full.isEmpty()) {
            found.add(Diagnosis.error(
                    "xt-recent",
                    "lists of remembered clients are full or almost full (the limit is " + total + "): "
                            + RuleChecks.named(full),
                    "a client that is forgotten goes to another endpoint, although its Service has ClientIP affinity",
                    limit()));
            return;
        }
        Cluster cluster = node.cluster();
        if (cluster == null) {
            return;
        }
        long sticky = cluster.state().services().values().stream()
                .filter(service -> service.affinity() instanceof Affinity.ClientIp)
                .count();
        long clients = cluster.state().slices().values().stream()
                .flatMap(slice -> slice.endpoints().stream())
                .map(endpoint -> endpoint.ip())
                .distinct()
                .count();
        if (sticky > 0 && clients > total) {
            found.add(Diagnosis.warning(
                    "xt-recent",
                    String.format(
                            Locale.ROOT,
                            "%,d Services have ClientIP affinity, a list remembers %,d clients, and the cluster has"
                                    + " %,d endpoints, each of which may be a client",
                            sticky,
                            total,
                            clients),
                    "an endpoint with more clients forgets some, which then go to another endpoint",
                    limit()));
        }
    }

    private static String limit() {
        return "load the module with a larger list: options xt_recent ip_list_tot=10000 in /etc/modprobe.d, then"
                + " restart the node; or use nftables mode, which has no such limit";
    }

    private static void rules(Examined node, List<Diagnosis> found) {
        long lines = node.length(ProxyMode.IPTABLES);
        if (node.mode() == ProxyMode.IPTABLES && lines >= MANY_RULES) {
            found.add(Diagnosis.warning(
                    "rule-count",
                    String.format(Locale.ROOT, "the proxy has %,d rules of iptables", lines),
                    "the first packet of each connection passes the rules of all Services one by one, and each"
                            + " iptables-restore of another program reads and writes whole tables",
                    "use nftables mode, or Fairlead's --iptables-dispatch tree"));
        }
    }
}

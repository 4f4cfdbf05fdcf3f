package io.fairlead.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Checks the kernel's connection table: how full it is, how many packets and connections were lost, and how long
 * entries stay.
 */
final class ConntrackChecks {
    private static final String PREFIX = "net.netfilter.nf_conntrack_";
    private static final int FULL = 95;
    private static final int FILLING = 75;
    private static final long HOUR = 3_600;

    private ConntrackChecks() {}

    static List<Diagnosis> of(Examined node) {
        List<Diagnosis> found = new ArrayList<>();
        fill(node, found);
        losses(node, found);
        times(node, found);
        return found;
    }

    private static void fill(Examined node, List<Diagnosis> found) {
        OptionalLong count = node.setting(PREFIX + "count");
        OptionalLong most = node.setting(PREFIX + "max");
        if (count.isEmpty() || most.isEmpty() || most.getAsLong() <= 0) {
            return;
        }
        long percent = count.getAsLong() * 100 / most.getAsLong();
        if (percent >= FILLING) {
            found.add(new Diagnosis(
                    "conntrack-fill",
                    percent >= FULL ? Severity.ERROR : Severity.WARNING,
                    String.format(
                            Locale.ROOT,
                            "the table of connections is %d %% full: %,d of %,d",
                            percent,
                            count.getAsLong(),
                            most.getAsLong()),
                    "the kernel drops the first packet of each new connection while the table is full",
                    "raise " + PREFIX + "max (conntrack.maxPerCore of the proxy's configuration), or find the client"
                            + " that opens so many: conntrack -L | head"));
        }
    }

    private static void losses(Examined node, List<Diagnosis> found) {
        long dropped =
                node.conntrack().getOrDefault("drop", 0L) + node.conntrack().getOrDefault("early_drop", 0L);
        if (dropped > 0) {
            found.add(Diagnosis.warning(
                    "conntrack-drops",
                    String.format(Locale.ROOT, "%,d packets or connections were dropped since the start", dropped),
                    "the table of connections was full at least once",
                    "raise " + PREFIX + "max; watch the counters drop and early_drop of conntrack -S"));
        }
        long failed = node.conntrack().getOrDefault("insert_failed", 0L);
        if (failed > 0) {
            found.add(Diagnosis.note(
                    "conntrack-races",
                    String.format(Locale.ROOT, "%,d connections could not be entered (insert_failed)", failed),
                    "usually two UDP packets of one client at the same time, such as DNS queries for A and AAAA; one"
                            + " of them is dropped, and the client waits for its time-out",
                    "use NodeLocal DNSCache, or the resolver option single-request-reopen in pods"));
        }
    }

    private static void times(Examined node, List<Diagnosis> found) {
        OptionalLong established = node.setting(PREFIX + "tcp_timeout_established");
        if (established.isPresent() && established.getAsLong() < HOUR) {
            found.add(Diagnosis.warning(
                    "conntrack-timeouts",
                    PREFIX + "tcp_timeout_established is " + established.getAsLong() + " s",
                    "a connection that is silent for longer is forgotten; its next packet is not translated and is"
                            + " answered with a reset or dropped",
                    "set it to 86400, the default of kube-proxy, or shorten the keep-alive of clients"));
        }
        OptionalLong closeWait = node.setting(PREFIX + "tcp_timeout_close_wait");
        if (closeWait.isPresent() && closeWait.getAsLong() < 60) {
            found.add(Diagnosis.note(
                    "conntrack-timeouts",
                    PREFIX + "tcp_timeout_close_wait is " + closeWait.getAsLong() + " s",
                    "kube-proxy sets 3600, because half-closed connections of some clients last longer",
                    "set it to 3600"));
        }
    }
}

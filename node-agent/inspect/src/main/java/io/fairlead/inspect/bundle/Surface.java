package io.fairlead.inspect.bundle;

import io.fairlead.linux.node.NodeFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Collects data of the node other than rules and routes: counters, parameters of kernel modules, programs and the
 * clock.
 */
final class Surface {
    /**
     * Programs that write rules, serve Services, start pods or set the clock, by the name of their process. The kernel
     * cuts the name of a process after 15 characters.
     */
    private static final Set<String> PROGRAMS = Set.of(
            "kube-proxy",
            "kube-router",
            "cilium-agent",
            "calico-node",
            "ovnkube",
            "antrea-agent",
            "k3s-server",
            "k3s-agent",
            "kubelet",
            "firewalld",
            "dockerd",
            "chronyd",
            "ntpd",
            "systemd-timesyn",
            "systemd-timesyncd",
            "phc2sys");

    private static final Map<String, String> FILES = Map.of(
            Bundle.CONNTRACK_COUNTERS, "/proc/thread-self/net/stat/nf_conntrack",
            Bundle.VIRTUAL_SERVERS, "/proc/thread-self/net/ip_vs",
            Bundle.CLOCK_SOURCE, "/sys/devices/system/clocksource/clocksource0/current_clocksource");

    private static final String RECENT_TOTAL = "/sys/module/xt_recent/parameters/ip_list_tot";

    private final NodeFacts facts;

    Surface(NodeFacts facts) {
        this.facts = facts;
    }

    void collect(Instant now, SortedMap<String, String> files) {
        FILES.forEach((name, path) -> facts.file(path).ifPresent(text -> files.put(name, text)));
        facts.file(RECENT_TOTAL).ifPresent(text -> files.put(Bundle.RECENT_TOTAL, text));
        files.put(Bundle.PROGRAMS, lines(programs()));
        files.put(Bundle.CLOCK, now.getEpochSecond() + "\n");
    }

    /**
     * Returns the names of the known programs among the processes in this network namespace. A program in another
     * namespace writes other rules. A container shows only its own processes.
     */
    private Set<String> programs() {
        Set<String> found = new TreeSet<>();
        Optional<String> here = facts.link("/proc/thread-self/ns/net");
        for (String id : facts.names("/proc")) {
            if (!id.isEmpty()
                    && Character.isDigit(id.charAt(0))
                    && facts.link("/proc/" + id + "/ns/net").equals(here)) {
                facts.file("/proc/" + id + "/comm")
                        .map(String::strip)
                        .filter(PROGRAMS::contains)
                        .ifPresent(found::add);
                facts.file("/proc/" + id + "/cmdline")
                        .filter(Surface::isFairlead)
                        .ifPresent(_ -> found.add("fairlead"));
            }
        }
        return found;
    }

    private static boolean isFairlead(String commandLine) {
        List<String> words = List.of(commandLine.split("\0", -1));
        int main = words.indexOf("io.fairlead.cli.Main");
        return main >= 0
                && main + 1 < words.size()
                && List.of("agent", "kube-proxy").contains(words.get(main + 1));
    }

    private static String lines(Iterable<String> words) {
        List<String> lines = new ArrayList<>();
        words.forEach(word -> lines.add(word + "\n"));
        return String.join("", lines);
    }
}

package io.fairlead.lab;

import io.fairlead.core.net.Ip;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A node and any number of hosts, each in its own network namespace. A veth pair connects each host to the node. The
 * node forwards every packet between two hosts, even between two pods, so no bridge and no hairpin mode is needed.
 * Hosts can be added and removed while the lab is open.
 *
 * <p>The namespace in which the JVM runs is not changed. {@link #close} deletes all namespaces. If a signal ends the
 * JVM, a shutdown hook deletes them. If the JVM is killed with SIGKILL, the next lab with the same prefix deletes them.
 */
public final class Lab implements AutoCloseable {
    /** The node's IPv4 address on the links to pods. */
    public static final Ip POD_GATEWAY = Ip.parse("10.244.1.1");

    /** The node's IPv6 address on the links to pods. */
    public static final Ip POD_GATEWAY6 = Ip.parse("fd00:10:244:1::1");

    private static final String NAMESPACES = "/run/netns";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");
    private static final Pattern OWNED = Pattern.compile("(?<prefix>[a-z0-9-]+)-(?<pid>[0-9]+)-(?<name>[a-z0-9-]+)");

    /**
     * The side of the node to which a host is connected. It decides which address the node has on the link to the host.
     */
    public enum Side {
        POD("pod"),
        OUTSIDE("out");

        private final String interfacePrefix;

        Side(String interfacePrefix) {
            this.interfacePrefix = interfacePrefix;
        }

        /**
         * Returns the prefix for the names of the node's interfaces on this side, which are for example "pod1" or
         * "out2".
         */
        public String interfacePrefix() {
            return interfacePrefix;
        }
    }

    private final ProcessRunner runner;
    private final String prefix;
    private final LabHost node;
    private final Wiring wiring;
    private final Map<String, LabHost> hosts = new LinkedHashMap<>();
    private final Set<String> namespaces = new TreeSet<>();
    private final Thread atExit = new Thread(this::dismantle, "lab-at-exit");
    private int links;
    private boolean closed;

    /**
     * Opens a lab with a node and no other host.
     *
     * @param prefix the prefix for the names of all namespaces: lower-case letters, digits and dashes. A namespace is
     *     named {@code prefix-pid-host}
     * @param nodeAddresses the node's addresses, of both families or of IPv4 only. The first address of each family is
     *     the node's address on the links to hosts outside the cluster
     * @throws LabException if the lab cannot be built. No namespace remains in this case
     */
    public static Lab open(ProcessRunner runner, String prefix, List<Ip> nodeAddresses) {
        if (!NAME.matcher(prefix).matches()) {
            throw new IllegalArgumentException("not a prefix for namespaces: \"" + prefix + "\"");
        }
        sweep(runner, prefix);
        return new Lab(runner, prefix, "netns add ", "", nodeAddresses);
    }

    /**
     * Opens a lab whose node is the network namespace of a running process. The namespace must have no interface except
     * loopback, and exists as long as the process.
     *
     * @param process the id of the process
     */
    public static Lab around(ProcessRunner runner, String prefix, long process, List<Ip> nodeAddresses) {
        if (!NAME.matcher(prefix).matches()) {
            throw new IllegalArgumentException("not a prefix for namespaces: \"" + prefix + "\"");
        }
        sweep(runner, prefix);
        return new Lab(runner, prefix, "netns attach ", " " + process, nodeAddresses);
    }

    private Lab(ProcessRunner runner, String prefix, String verb, String object, List<Ip> nodeAddresses) {
        this.runner = runner;
        this.prefix = prefix;
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            this.node = new LabHost("node", addNamespace("node", verb, object), nodeAddresses);
            this.wiring = new Wiring(nodeAddresses);
            hosts.put("node", node);
            List<String> lines = new ArrayList<>(List.of("link set lo up"));
            nodeAddresses.forEach(
                    address -> lines.add("addr add " + Wiring.host(address) + " dev lo" + Wiring.noDad(address)));
            preventSurprises(node);
            node.sysctl("ipv4/ip_forward", "1");
            node.sysctl("ipv6/conf/all/forwarding", "1");
            node.sysctl("ipv4/icmp_ratelimit", "0");
            node.sysctl("ipv6/icmp/ratelimit", "0");
            // By default the kernel limits ICMP errors to bursts of 50, for all addresses of both families together.
            // Since Linux 6.13, each namespace has its own limit.
            node.sysctlIfThere("ipv4/icmp_msgs_per_sec", "1000000");
            node.sysctlIfThere("ipv4/icmp_msgs_burst", "1000000");
            ip(node, lines);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Returns the node. */
    public LabHost node() {
        return node;
    }

    /** Returns all hosts, the node first, then in the order in which they were added. */
    public synchronized List<LabHost> hosts() {
        return List.copyOf(hosts.values());
    }

    /** Returns the addresses that the node's kernel treats as local, except loopback and link-local addresses. */
    public Set<Ip> nodeAddresses() {
        Set<Ip> all = new TreeSet<>(node.addresses());
        all.add(POD_GATEWAY);
        all.add(POD_GATEWAY6);
        return all;
    }

    /** Returns a runner that runs commands in the node's namespace. */
    public ProcessRunner nodeRunner() {
        return runner.inNamespace(node.namespace());
    }

    /**
     * Adds a host and connects it to the node. The node gets a route to each address of the host, and the host gets a
     * default route through the node. The node's own default route leads to the first host outside the cluster.
     *
     * @param name the name of the host: lower-case letters, digits and dashes; no other host may have it
     * @throws LabException if the host cannot be built
     */
    public synchronized LabHost add(String name, Side side, List<Ip> addresses) {
        if (!NAME.matcher(name).matches() || hosts.containsKey(name)) {
            throw new IllegalArgumentException("not a new host's name: \"" + name + "\"");
        }
        String namespace = addNamespace(name, "netns add ", "");
        String link = side.interfacePrefix() + ++links;
        LabHost host = new LabHost(name, namespace, addresses);
        hosts.put(name, host);
        // A new namespace inherits the setting for forwarding from the machine, where Docker enables forwarding.
        host.sysctl("ipv4/ip_forward", "0");
        host.sysctl("ipv6/conf/all/forwarding", "0");
        preventSurprises(host);
        ip(
                null,
                List.of("link add name " + link + " netns " + node.namespace() + " type veth peer name eth0 netns "
                        + namespace));
        preventSurprises(node, link);
        ip(host, wiring.hostLines(side, addresses));
        ip(node, wiring.nodeLines(link, side, addresses));
        return host;
    }

    /** Removes a host, its link and its listeners. Its connections are not closed, as if the machine lost power. */
    public synchronized void remove(LabHost host) {
        if (host == node || !hosts.remove(host.name(), host)) {
            throw new IllegalArgumentException("no host to remove: " + host);
        }
        host.close();
        ip(null, List.of("netns del " + host.namespace()));
        namespaces.remove(host.namespace());
    }

    /**
     * Disables what would disturb tests: the reverse path filter (in a lab, answers can arrive by another interface),
     * ICMP redirects, and duplicate address detection, which delays new addresses.
     */
    private static void preventSurprises(LabHost host) {
        for (String scope : List.of("all", "default")) {
            preventSurprises(host, scope);
        }
        host.sysctl("ipv6/conf/default/accept_ra", "0");
        host.sysctl("ipv6/conf/default/router_solicitations", "0");
    }

    private static void preventSurprises(LabHost host, String scope) {
        host.sysctl("ipv4/conf/" + scope + "/rp_filter", "0");
        host.sysctl("ipv4/conf/" + scope + "/send_redirects", "0");
        host.sysctl("ipv4/conf/" + scope + "/accept_redirects", "0");
        host.sysctl("ipv6/conf/" + scope + "/disable_ipv6", "0");
        host.sysctl("ipv6/conf/" + scope + "/accept_dad", "0");
        host.sysctl("ipv6/conf/" + scope + "/accept_redirects", "0");
    }

    private synchronized String addNamespace(String host, String verb, String object) {
        String namespace = prefix + "-" + ProcessHandle.current().pid() + "-" + host;
        if (exists(namespace)) {
            throw new LabException(namespace + " is there already: another lab of this process is open");
        }
        namespaces.add(namespace);
        ip(null, List.of(verb + namespace + object));
        return namespace;
    }

    private static boolean exists(String namespace) {
        return Files.exists(Path.of(NAMESPACES, namespace));
    }

    private synchronized void ip(@Nullable LabHost in, List<String> lines) {
        if (closed) {
            throw new LabException("the lab is closed");
        }
        ip(runner, in, lines);
    }

    private static void ip(ProcessRunner runner, @Nullable LabHost in, List<String> lines) {
        List<String> words = new ArrayList<>(List.of("ip"));
        if (in != null) {
            words.addAll(List.of("-n", in.namespace()));
        }
        // With -force, ip continues after a line that failed. Without it, a failed clean-up would leave namespaces.
        words.addAll(List.of("-force", "-batch", "-"));
        String input = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
        ProcessResult result =
                runner.run(Command.of(words.toArray(String[]::new)).withInput(input));
        if (!result.succeeded()) {
            throw new LabException("ip failed: " + result.error().strip() + "\n" + input);
        }
    }

    /** Deletes the namespaces with this prefix whose process no longer runs. */
    private static void sweep(ProcessRunner runner, String prefix) {
        String[] names = new File(NAMESPACES).list();
        List<String> dead = new ArrayList<>();
        for (String name : names == null ? new String[0] : names) {
            Matcher owned = OWNED.matcher(name);
            if (owned.matches()
                    && owned.group("prefix").equals(prefix)
                    && ProcessHandle.of(Long.parseLong(owned.group("pid"))).isEmpty()) {
                dead.add("netns del " + name);
            }
        }
        if (!dead.isEmpty()) {
            ip(runner, null, dead.stream().sorted().toList());
        }
    }

    /** Deletes all namespaces of the lab. A second call does nothing. */
    @Override
    public void close() {
        dismantle();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is already shutting down. The hook finds the lab closed and does nothing.
        }
    }

    private synchronized void dismantle() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            hosts.values().forEach(LabHost::close);
        } finally {
            hosts.clear();
            List<String> lines = namespaces.stream()
                    .filter(Lab::exists)
                    .map(namespace -> "netns del " + namespace)
                    .toList();
            if (!lines.isEmpty()) {
                ip(runner, null, lines);
            }
        }
    }
}

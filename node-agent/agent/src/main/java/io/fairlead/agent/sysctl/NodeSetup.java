package io.fairlead.agent.sysctl;

import io.fairlead.config.KubeProxyConfig.Conntrack;
import io.fairlead.linux.sysctl.KernelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the settings of the node that kube-proxy writes at its start (CT-11 to CT-15, NP-14, EVT-6). A value is
 * written only if the current value differs. Therefore an agent without privileges works if another program has already
 * set the values.
 */
public final class NodeSetup {
    private static final Logger LOG = LoggerFactory.getLogger(NodeSetup.class);
    private static final String CONNTRACK = "net.netfilter.nf_conntrack_";
    private static final String LIBERAL = CONNTRACK + "tcp_be_liberal";
    /** The number of entries in the connection table for each bucket of its hash (CT-12). */
    private static final long ENTRIES_PER_BUCKET = 4;

    private final Path proc;
    private final Path sys;

    /**
     * Creates a set-up for the node on which this process runs. The sysctls are those of the network namespace of this
     * process.
     */
    public NodeSetup() {
        this(Path.of("/"));
    }

    /**
     * Creates a set-up that uses the files below another root folder, for a node whose file systems are mounted
     * elsewhere, and for tests.
     */
    public NodeSetup(Path root) {
        this.proc = root.resolve("proc");
        this.sys = root.resolve("sys");
    }

    /**
     * Writes the configured settings of connection tracking.
     *
     * @param cpus the number of CPUs, at least 1
     * @return one line for each written setting: "net.netfilter.nf_conntrack_max 65536 -> 131072"
     * @throws SetupException if a setting cannot be read or written. All other settings are written before the
     *     exception is thrown
     */
    public List<String> conntrack(Conntrack wanted, int cpus) {
        List<Setting> settings = new ArrayList<>();
        long max = wanted.maxPerCore() > 0 ? Math.max(wanted.min(), (long) wanted.maxPerCore() * cpus) : 0;
        if (max > 0) {
            settings.add(sysctl(CONNTRACK + "max", max, "conntrack.maxPerCore and conntrack.min"));
        }
        addTimeout(settings, "tcp_timeout_established", wanted.tcpEstablishedTimeout(), "tcpEstablishedTimeout");
        addTimeout(settings, "tcp_timeout_close_wait", wanted.tcpCloseWaitTimeout(), "tcpCloseWaitTimeout");
        addTimeout(settings, "udp_timeout", wanted.udpTimeout(), "udpTimeout");
        addTimeout(settings, "udp_timeout_stream", wanted.udpStreamTimeout(), "udpStreamTimeout");
        if (wanted.tcpBeLiberal()) {
            settings.add(sysctl(LIBERAL, 1, "conntrack.tcpBeLiberal"));
        }
        List<String> failures = new ArrayList<>();
        List<String> written = apply(settings, failures);
        if (max > 0) {
            written.addAll(growHash(max, failures));
        }
        if (!failures.isEmpty()) {
            throw new SetupException(failures);
        }
        return written;
    }

    /**
     * Allows the kernel to route packets to 127.0.0.1, for node ports on localhost (NP-14).
     *
     * @return one line if the setting was written; otherwise an empty list
     * @throws SetupException if the setting is off and cannot be written
     */
    public List<String> routeLocalnet() {
        List<String> failures = new ArrayList<>();
        List<String> written = apply(
                List.of(sysctl(
                        "net.ipv4.conf.all.route_localnet",
                        1,
                        "node ports on 127.0.0.1; --iptables-localhost-nodeports=false disables them")),
                failures);
        if (!failures.isEmpty()) {
            throw new SetupException(failures);
        }
        return written;
    }

    /**
     * Returns whether connection tracking accepts TCP packets outside the window; false if the setting cannot be read.
     * If it accepts them, rules must not drop packets in state INVALID (CT-15).
     */
    public boolean isTcpLiberal() {
        try {
            return !KernelFile.read(sysctl(LIBERAL, 0, "").file()).equals("0");
        } catch (IOException e) {
            LOG.debug("cannot read {}; using 0", LIBERAL, e);
            return false;
        }
    }

    /**
     * Writes the value that determines how likely the kernel is to kill this process when memory is short (EVT-6). A
     * failure is only logged.
     *
     * @param score the value, from -1000 to 1000. With a lower value, the kernel is less likely to kill this process
     * @return one line if the value was written; otherwise an empty list
     */
    public List<String> oomScoreAdj(int score) {
        List<String> failures = new ArrayList<>();
        List<String> written = apply(
                List.of(new Setting(
                        "oom_score_adj",
                        proc.resolve("self/oom_score_adj"),
                        score,
                        "staying alive when memory is short")),
                failures);
        failures.forEach(LOG::warn);
        return written;
    }

    /**
     * Raises the number of buckets of the connection table's hash to a quarter of the table's entries. A larger number
     * is not changed (CT-12).
     */
    private List<String> growHash(long max, List<String> failures) {
        Path file = sys.resolve("module/nf_conntrack/parameters/hashsize");
        try {
            if (Long.parseLong(KernelFile.read(file)) >= max / ENTRIES_PER_BUCKET) {
                return List.of();
            }
        } catch (IOException | NumberFormatException e) {
            // The file is missing if conntrack is built into the kernel, or in a container without /sys. Connections
            // work without the change.
            LOG.debug("cannot read {}", file, e);
            return List.of();
        }
        return apply(
                List.of(new Setting(
                        "nf_conntrack hashsize",
                        file,
                        max / ENTRIES_PER_BUCKET,
                        "a conntrack table of " + max + " entries")),
                failures);
    }

    private void addTimeout(List<Setting> settings, String name, Duration timeout, String field) {
        if (timeout.isPositive()) {
            settings.add(sysctl(CONNTRACK + name, timeout.toSeconds(), "conntrack." + field));
        }
    }

    private Setting sysctl(String name, long value, String reason) {
        return Setting.sysctl(proc, name, value, reason);
    }

    private static List<String> apply(List<Setting> settings, List<String> failures) {
        List<String> written = new ArrayList<>();
        for (Setting setting : settings) {
            switch (setting.apply()) {
                case Setting.Result.AsItWas _ -> LOG.debug("{} is already {}", setting.name(), setting.value());
                case Setting.Result.Written done ->
                    written.add(setting.name() + " " + done.before() + " -> " + setting.value());
                case Setting.Result.Failed failed -> failures.add(failed.message());
            }
        }
        return written;
    }
}

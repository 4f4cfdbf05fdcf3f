package io.fairlead.inspect.bundle;

import io.fairlead.explain.dump.LiveDump;
import io.fairlead.explain.dump.NftListing;
import io.fairlead.explain.dump.Outputs;
import io.fairlead.inspect.proxy.RunningProxy;
import io.fairlead.linux.node.NodeFacts;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Collects a bundle on a node. Nothing is changed, and no secret is read: no token, certificate or kubeconfig. */
public final class Collector {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final String COUNT = "/proc/sys/net/netfilter/nf_conntrack_count";

    private final ProcessRunner runner;
    private final NodeFacts facts;
    private final NftListing nft;
    private final int mostConnections;
    private final InstantSource clock;
    private final List<String> missing = new ArrayList<>();

    /**
     * Creates a collector for the node that {@code facts} shows.
     *
     * @param nft lists the rules of nftables
     * @param clock the clock of the node
     * @param mostConnections the largest number of connections in the bundle; 0 for no connections
     */
    public Collector(ProcessRunner runner, NodeFacts facts, NftListing nft, InstantSource clock, int mostConnections) {
        this.nft = nft;
        this.clock = clock;
        this.runner = runner;
        this.facts = facts;
        this.mostConnections = mostConnections;
    }

    /**
     * Collects everything about the node except the objects of the cluster and the results of {@link Trial}.
     *
     * @param nodeName the name of the node
     * @param version Fairlead's own version
     */
    public Bundle collect(String nodeName, String version) {
        LiveDump live = new LiveDump(runner, facts, nft);
        SortedMap<String, String> files = new TreeMap<>(live.outputs().texts());
        missing.addAll(live.messages());
        connections(files);
        files.put(Bundle.NODE_NAME, nodeName + "\n");
        files.put(Bundle.SYSCTLS, sysctls());
        files.put(Bundle.VERSIONS, versions(version));
        new Surface(facts).collect(clock.instant(), files);
        output("the kinds of interfaces are not known", "ip", "-j", "-d", "link")
                .ifPresent(text -> files.put(Bundle.LINKS, text));
        proxy(files);
        if (!missing.isEmpty()) {
            files.put(Bundle.MISSING, String.join("\n", missing) + "\n");
        }
        return new Bundle(files);
    }

    /** Returns one sentence for each part that {@link #collect} could not read: the reason and the consequence. */
    public List<String> missing() {
        return List.copyOf(missing);
    }

    /**
     * Adds the connections, at most the limit. If the kernel has more than 100 times as many, they are not listed,
     * because the text of the list would fill the memory.
     */
    private void connections(SortedMap<String, String> files) {
        long count =
                facts.file(COUNT).map(String::strip).flatMap(Numbers::parse).orElse(0L);
        if (mostConnections == 0 || count > 100L * mostConnections) {
            missing.add(String.format(
                    Locale.ROOT,
                    "connections are left out: the kernel has %,d, the limit is %,d",
                    count,
                    mostConnections));
            return;
        }
        StringBuilder text = new StringBuilder();
        int lines = 0;
        for (String family : List.of("ipv4", "ipv6")) {
            String list = output("connections are left out", "conntrack", "-L", "-f", family)
                    .orElse("");
            for (String line : (Iterable<String>) list.lines()::iterator) {
                if (lines++ < mostConnections) {
                    text.append(line).append('\n');
                }
            }
        }
        if (lines > mostConnections) {
            missing.add(String.format(
                    Locale.ROOT,
                    "of %,d connections only %,d are here (--connections changes the limit)",
                    lines,
                    mostConnections));
        }
        files.put(Outputs.CONNECTIONS, text.toString());
    }

    private String sysctls() {
        List<String> lines = new ArrayList<>();
        for (String name : Sysctls.names(facts)) {
            facts.file("/proc/sys/" + name).ifPresent(value -> lines.add(Sysctls.dotted(name) + " = " + value.strip()));
        }
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private String versions(String version) {
        StringBuilder text = new StringBuilder(version).append('\n');
        facts.file("/proc/sys/kernel/osrelease")
                .ifPresent(
                        release -> text.append("Linux ").append(release.strip()).append('\n'));
        facts.file("/etc/os-release")
                .flatMap(file -> file.lines()
                        .filter(line -> line.startsWith("PRETTY_NAME="))
                        .findFirst())
                .ifPresent(line -> text.append(line).append('\n'));
        for (List<String> command : List.of(
                List.of("nft", "--version"),
                List.of("iptables", "--version"),
                List.of("ip", "-V"),
                List.of("conntrack", "--version"))) {
            output("its version is not known", command.toArray(String[]::new))
                    .flatMap(output -> output.lines().findFirst())
                    .ifPresent(line -> text.append(line).append('\n'));
        }
        return text.toString();
    }

    private void proxy(SortedMap<String, String> files) {
        Optional<RunningProxy.Found> found = new RunningProxy(facts).find();
        found.ifPresentOrElse(
                proxy -> {
                    files.put(Bundle.CONFIGURATION, proxy.content() + "\n");
                    files.put(Bundle.CONFIGURATION_SOURCE, proxy.source() + "\n");
                },
                () -> missing.add("no proxy runs on this node or shows its configuration"));
    }

    private Optional<String> output(String consequence, String... words) {
        try {
            ProcessResult result = runner.run(new Command(List.of(words), List.of(), LONGEST));
            if (result.succeeded()) {
                return Optional.of(result.output());
            }
            missing.add(String.join(" ", words) + " failed: "
                    + result.error().strip().lines().findFirst().orElse("no reason given") + "; " + consequence);
        } catch (ProgramMissingException e) {
            missing.add(e.getMessage() + "; " + consequence);
        }
        return Optional.empty();
    }
}

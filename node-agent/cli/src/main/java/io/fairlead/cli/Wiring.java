package io.fairlead.cli;

import io.fairlead.agent.source.InterfaceAddresses;
import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.flow.Flow;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.explain.dump.Connection;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.dump.LiveDump;
import io.fairlead.explain.dump.NftListing;
import io.fairlead.inspect.bundle.Bundle;
import io.fairlead.inspect.proxy.RunningProxy;
import io.fairlead.linux.node.NodeFacts;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.time.TimeSource;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the objects and rules, and computes the plan, from the options of a command; the same for all commands. */
final class Wiring {
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,254}");
    private static final Pattern NODE_NAME = Pattern.compile("[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?");

    private final Surroundings surroundings;
    private final NodeOptions node;
    private final @Nullable String namespace;
    private final Configured configured;
    private final @Nullable GivenRules given;
    private final boolean judges;
    private final ObjectSource objects;
    private @Nullable Dialect<?, ?> dialect;
    private @Nullable Live live;

    /** What the kernel of this node contains, with a sentence for each part that could not be read. */
    private record Live(Dump dump, List<String> messages) {}

    private Wiring(
            Surroundings surroundings,
            NodeOptions node,
            @Nullable String namespace,
            Configured configured,
            @Nullable GivenRules given,
            boolean judges) {
        this.surroundings = surroundings;
        this.node = node;
        this.namespace = checked(namespace);
        this.configured = configured;
        this.given = given;
        this.judges = judges;
        this.objects = new ObjectSource(surroundings, configured.kubeconfig(), this::nodeName);
    }

    /** Creates the wiring with a configuration that was already read. */
    Wiring(Surroundings surroundings, NodeOptions node, @Nullable String namespace, KubeProxyConfig config) {
        this(surroundings, node, namespace, new Configured(config, "", false), null, false);
    }

    /** Creates the wiring and reads the configuration. Warnings are printed to standard error. */
    Wiring(Surroundings surroundings, NodeOptions node, @Nullable String namespace) {
        this(surroundings, node, namespace, Configured.of(surroundings, node), null, false);
    }

    /**
     * Creates the wiring for a command that judges existing rules: the rules of --rules, or the rules of this node if
     * --rules is not given. Without --config, the configuration of the proxy on this node, or of the bundle of --rules,
     * is used.
     */
    static Wiring judging(Surroundings surroundings, NodeOptions node, @Nullable String namespace, RulesOption rules) {
        String name = checked(namespace);
        if (!rules.given()) {
            Optional<RunningProxy.Found> proxy = node.config == null
                    ? new RunningProxy(surroundings.facts().apply(name == null ? "" : name)).find()
                    : Optional.empty();
            return new Wiring(surroundings, node, name, Configured.ofProxy(surroundings, node, proxy), null, true);
        }
        GivenRules given = GivenRules.read(surroundings, rules);
        Optional<RunningProxy.Found> proxy = Optional.ofNullable(given.bundle()).flatMap(Configured::in);
        return new Wiring(surroundings, node, name, Configured.ofProxy(surroundings, node, proxy), given, true);
    }

    private static @Nullable String checked(@Nullable String namespace) {
        if (namespace != null && !NAMESPACE.matcher(namespace).matches()) {
            throw new CommandException(
                    ExitCode.USAGE, "--netns: not a name of a network namespace: \"" + namespace + "\"");
        }
        return namespace;
    }

    KubeProxyConfig config() {
        return configured.config();
    }

    /** Returns the configuration with its source. */
    Configured configured() {
        return configured;
    }

    /** Returns the dump of --rules; null without that option. */
    @Nullable
    Dump dump() {
        return given == null ? null : given.dump();
    }

    /**
     * Returns the mode of --proxy-mode, otherwise the mode of the configuration. Without a configuration, a command
     * that judges rules uses the mode of these rules.
     */
    ProxyMode mode() {
        if (node.proxyMode != null) {
            return node.proxyMode;
        }
        if (!judges || !configured.source().isEmpty()) {
            return config().mode();
        }
        return modeOf(given == null ? live().dump() : given.dump());
    }

    private static ProxyMode modeOf(Dump dump) {
        return dump.proxyTable(IpFamily.IPV4).isPresent()
                        || dump.proxyTable(IpFamily.IPV6).isPresent()
                ? ProxyMode.NFTABLES
                : ProxyMode.IPTABLES;
    }

    /** Returns the name of this node (CFG-13). */
    String nodeName() {
        String name = node.nodeName == null
                ? config().nodeName(hostName())
                : node.nodeName.strip().toLowerCase(Locale.ROOT);
        if (!NODE_NAME.matcher(name).matches()) {
            throw new CommandException(
                    ExitCode.USAGE, "not a node name: \"" + name + "\"", List.of("give it with --node-name"));
        }
        return name;
    }

    private String hostName() {
        return Optional.ofNullable(given)
                .flatMap(rules -> Optional.ofNullable(rules.bundle()))
                .flatMap(bundle -> bundle.file(Bundle.NODE_NAME))
                .orElseGet(surroundings.hostName());
    }

    TimeSource time() {
        return surroundings.time();
    }

    /** Returns whether the rules are in the network namespace of this process. */
    boolean isHere() {
        return namespace == null;
    }

    /** Returns a runner that runs programs in the chosen network namespace. */
    ProcessRunner processes() {
        return namespace == null
                ? surroundings.processes()
                : surroundings.processes().inNamespace(namespace);
    }

    /** Returns the files and pages of the node. */
    NodeFacts facts() {
        return surroundings.facts().apply(namespace == null ? "" : namespace);
    }

    /** Returns the dialect of the mode on this node. */
    Dialect<?, ?> dialect() {
        if (dialect == null) {
            dialect = dialect(mode());
        }
        return dialect;
    }

    /** Returns the dialect of the given mode. */
    Dialect<?, ?> dialect(ProxyMode mode) {
        return surroundings.dialects().open(mode, context());
    }

    private DialectContext context() {
        String where = namespace == null ? "" : namespace;
        return new DialectContext(
                processes(),
                where,
                surroundings.environment(),
                node.layouts.dispatch.layout(),
                node.layouts.layout,
                node.nft);
    }

    /** Returns the listing of the nftables rules of all programs. */
    NftListing nftables() {
        return surroundings.dialects().listing(context());
    }

    /** Reads the rules from the kernel of this node. */
    <R extends Ruleset, C extends Change> NodeView<R> node(Dialect<R, C> ofMode) {
        R rules = ofMode.backend().kernel().read();
        return NodeView.of(rules, ofMode, otherDialect(), Host.of(addresses()), live().dump(), live().messages());
    }

    private Live live() {
        if (live == null) {
            LiveDump reader = new LiveDump(processes(), facts(), nftables());
            Dump dump = reader.read();
            live = new Live(dump, reader.messages());
        }
        return live;
    }

    /** Returns the entries for a flow in the kernel's connection table. */
    List<Connection> connections(Flow flow) {
        return new LiveDump(processes(), facts(), nftables()).connections(flow);
    }

    /** Returns the rules of the node of a dump. */
    <R extends Ruleset, C extends Change> NodeView<R> node(Dialect<R, C> ofMode, Dump dump, List<Ip> addresses) {
        return NodeView.of(ofMode.in(dump), ofMode, otherDialect(), Host.of(addresses), dump, List.of());
    }

    private Dialect<?, ?> otherDialect() {
        return dialect(mode() == ProxyMode.IPTABLES ? ProxyMode.NFTABLES : ProxyMode.IPTABLES);
    }

    /**
     * Returns the addresses of the node of a dump: the addresses of --local-addresses, or if it is not given, the
     * addresses in the dump. The list is empty if the dump has none.
     */
    List<Ip> addresses(Dump dump) {
        List<Ip> given = given();
        return given != null ? given : dump.routing().allAddresses();
    }

    /** Returns the plan for a dump's node. If {@link #addresses(Dump)} is empty, the Node object has the addresses. */
    Planned dumped(ClusterInput input, Dump dump) {
        return planned(input, () -> {
            List<Ip> known = addresses(dump);
            return known.isEmpty() ? ofNode(input.state()) : known;
        });
    }

    /**
     * Reads the objects from files, an API server or the bundle of --rules. Prints their problems to standard error.
     */
    ClusterInput input(InputOptions options) {
        Bundle bundle = given == null ? null : given.bundle();
        return bundle == null ? objects.read(options) : objects.read(options, bundle);
    }

    /** Returns the bundle of --rules; null if there is none. */
    @Nullable
    Bundle bundle() {
        return given == null ? null : given.bundle();
    }

    /** Returns whether an option or a bundle names objects. An API server in the environment does not count. */
    boolean hasObjects(InputOptions options) {
        return options.nameASource()
                || (given != null
                        && given.bundle() != null
                        && given.bundle().file(Bundle.OBJECTS).isPresent());
    }

    ClusterInput input(List<String> paths, InputOptions options) {
        return objects.files(paths, options);
    }

    /** Returns the plan for this node. If no addresses are given, the addresses of the kernel's interfaces are used. */
    Planned online(ClusterInput input) {
        return planned(input, this::addresses);
    }

    /** Returns the plan without reading the kernel. If no addresses are given, the Node object's addresses are used. */
    Planned offline(ClusterInput input) {
        return planned(input, () -> given() != null ? given() : ofNode(input.state()));
    }

    /** Returns the addresses that were given as an option; otherwise the addresses of the interfaces. */
    List<Ip> addresses() {
        List<Ip> given = given();
        if (given != null) {
            return given;
        }
        try {
            return namespace == null ? InterfaceAddresses.ofThisProcess() : InterfaceAddresses.read(processes());
        } catch (IllegalStateException e) {
            throw new CommandException(
                    ExitCode.KERNEL,
                    String.valueOf(e.getMessage()),
                    namespace == null
                            ? List.of("give them with --local-addresses")
                            : List.of("is there a namespace " + namespace + "? See: ip netns list"));
        }
    }

    private Planned planned(ClusterInput input, Supplier<List<Ip>> addresses) {
        List<Ip> local = addresses.get();
        NodeSettings settings = config().settings(mode(), nodeName(), local).serving(node.served.read());
        return new Planned(Planner.plan(input.state(), settings), settings, Host.of(local), input);
    }

    private List<Ip> ofNode(ClusterState state) {
        NodeObject object = state.nodes().get(nodeName());
        return object == null ? List.of() : object.addresses();
    }

    private @Nullable List<Ip> given() {
        if (node.localAddresses == null) {
            return null;
        }
        List<Ip> addresses = new ArrayList<>();
        for (String text : node.localAddresses) {
            if (!text.isBlank()) {
                try {
                    addresses.add(Ip.parse(text.strip()));
                } catch (IllegalArgumentException e) {
                    throw new CommandException(ExitCode.USAGE, "--local-addresses: " + e.getMessage());
                }
            }
        }
        return addresses;
    }

    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + ": no such file or folder";
            case FileSystemException other ->
                other.getFile() + ": " + (other.getReason() == null ? "cannot be read" : other.getReason());
            default -> String.valueOf(e.getMessage());
        };
    }
}

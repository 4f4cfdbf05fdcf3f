package io.fairlead.cli;

import io.fairlead.agent.ClusterSnapshot;
import io.fairlead.agent.source.InterfaceAddresses;
import io.fairlead.cluster.access.KubeconfigFiles;
import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.cluster.objects.ClusterReader;
import io.fairlead.cluster.watch.ApiServerException;
import io.fairlead.cluster.watch.WatchOptions;
import io.fairlead.config.ConfigException;
import io.fairlead.config.ConfigReader;
import io.fairlead.config.KubeProxyConfig;
import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.cluster.NodeObject;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.dump.DumpException;
import io.fairlead.explain.dump.LiveDump;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.time.TimeSource;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns options into objects, plan, host and backend, in the same way for every command. */
final class Wiring {
    private static final Pattern MODE = Pattern.compile("(?:line \\d+: )?mode: ");
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,254}");
    private static final Duration API_SERVER_PATIENCE = Duration.ofSeconds(20);
    private static final Pattern NODE_NAME = Pattern.compile("[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?");

    private final Surroundings surroundings;
    private final NodeOptions node;
    private final @Nullable String namespace;
    private final KubeProxyConfig config;
    private @Nullable Dialect<?, ?> dialect;
    private @Nullable ProxyMode modeOfRules;

    /** Uses a configuration that was already read. */
    Wiring(Surroundings surroundings, NodeOptions node, @Nullable String namespace, KubeProxyConfig config) {
        this.surroundings = surroundings;
        this.node = node;
        this.namespace = checked(namespace);
        this.config = config;
    }

    /** Reads the configuration. Its warnings go to standard error. */
    Wiring(Surroundings surroundings, NodeOptions node, @Nullable String namespace) {
        this.surroundings = surroundings;
        this.node = node;
        this.namespace = checked(namespace);
        ConfigReader.Result read = readConfig(node.config);
        if (read == null) {
            this.config = KubeProxyConfig.defaults();
        } else {
            this.config = read.config();
            read.warnings().forEach(warning -> surroundings.err().println("warning: " + node.config + ": " + warning));
        }
    }

    private static @Nullable String checked(@Nullable String namespace) {
        if (namespace != null && !NAMESPACE.matcher(namespace).matches()) {
            throw new CommandException(
                    ExitCode.USAGE, "--netns: not a network namespace's name: \"" + namespace + "\"");
        }
        return namespace;
    }

    private ConfigReader.@Nullable Result readConfig(@Nullable Path file) {
        if (file == null) {
            return null;
        }
        try {
            byte[] content = Files.readAllBytes(file);
            return node.proxyMode == null
                    ? ConfigReader.read(file.toString(), content)
                    : ConfigReader.read(file.toString(), content, node.proxyMode);
        } catch (IOException e) {
            throw new CommandException(ExitCode.USAGE, "--config: " + reason(e));
        } catch (ConfigException e) {
            List<String> details = new ArrayList<>(e.problems());
            if (e.problems().stream().anyMatch(problem -> MODE.matcher(problem).lookingAt())) {
                details.add("--proxy-mode chooses another mode than the file's");
            }
            throw new CommandException(ExitCode.USAGE, "the configuration " + file + " cannot be used", details);
        }
    }

    KubeProxyConfig config() {
        return config;
    }

    ProxyMode mode() {
        if (node.proxyMode != null) {
            return node.proxyMode;
        }
        return modeOfRules == null ? config.mode() : modeOfRules;
    }

    /** Returns the name of this node (CFG-13). */
    String nodeName() {
        String name = node.nodeName == null
                ? config.nodeName(surroundings.hostName().get())
                : node.nodeName.strip().toLowerCase(Locale.ROOT);
        if (!NODE_NAME.matcher(name).matches()) {
            throw new CommandException(
                    ExitCode.USAGE, "not a node name: \"" + name + "\"", List.of("give one with --node-name"));
        }
        return name;
    }

    TimeSource time() {
        return surroundings.time();
    }

    /** Returns whether the kernel's network is that of this process, and not of another namespace. */
    boolean isHere() {
        return namespace == null;
    }

    /** Returns a runner of programs in the chosen namespace. */
    ProcessRunner processes() {
        return namespace == null
                ? surroundings.processes()
                : surroundings.processes().inNamespace(namespace);
    }

    /** Returns the dialect of the mode on this node. */
    Dialect<?, ?> dialect() {
        if (dialect == null) {
            dialect = dialect(mode());
        }
        return dialect;
    }

    /** Returns the dialect of any mode on this node. */
    Dialect<?, ?> dialect(ProxyMode mode) {
        return surroundings
                .dialects()
                .open(
                        mode,
                        new DialectContext(
                                processes(),
                                namespace == null ? "" : namespace,
                                surroundings.environment(),
                                node.dispatch.layout(),
                                node.layout));
    }

    /** Returns the rules of this node. */
    <R extends Ruleset, C extends Change> NodeView<R> node(Dialect<R, C> ofMode) {
        R rules = ofMode.backend().kernel().read();
        LiveDump live = new LiveDump(processes());
        Dump dump = live.read();
        return NodeView.of(rules, ofMode, otherDialect(), Host.of(addresses()), dump, live.messages());
    }

    /** Returns the rules in a dump. */
    <R extends Ruleset, C extends Change> NodeView<R> node(Dialect<R, C> ofMode, Dump dump, List<Ip> addresses) {
        return NodeView.of(ofMode.in(dump), ofMode, otherDialect(), Host.of(addresses), dump, List.of());
    }

    private Dialect<?, ?> otherDialect() {
        return dialect(mode() == ProxyMode.IPTABLES ? ProxyMode.NFTABLES : ProxyMode.IPTABLES);
    }

    /** Reads files with rules. If no mode was given, the mode is that of the rules. */
    Dump dump(RulesOption option) {
        Dump dump = Dump.EMPTY;
        try {
            for (String file : option.files) {
                String text = file.equals("-")
                        ? new String(surroundings.in().readAllBytes(), StandardCharsets.UTF_8)
                        : Files.readString(Path.of(file), StandardCharsets.UTF_8);
                dump = dump.and(Dump.read(file.equals("-") ? "standard input" : file, text));
            }
        } catch (MalformedInputException _) {
            throw new CommandException(ExitCode.USAGE, "--rules: a file is not text in UTF-8");
        } catch (IOException e) {
            throw new CommandException(ExitCode.USAGE, "--rules: " + reason(e));
        } catch (DumpException e) {
            throw new CommandException(ExitCode.USAGE, "--rules: " + e.getMessage());
        }
        if (node.proxyMode == null && node.config == null) {
            modeOfRules = dump.proxyTable(IpFamily.IPV4).isPresent()
                            || dump.proxyTable(IpFamily.IPV6).isPresent()
                    ? ProxyMode.NFTABLES
                    : ProxyMode.IPTABLES;
        }
        return dump;
    }

    /** Returns the addresses of the node of a dump: given ones, else those in the dump, else none. */
    List<Ip> addresses(Dump dump) {
        List<Ip> given = given();
        return given != null ? given : dump.routing().allAddresses();
    }

    /** Returns the plan for the node of a dump. Its addresses may be those of the Node object. */
    Planned dumped(ClusterInput input, Dump dump) {
        return planned(input, () -> {
            List<Ip> known = addresses(dump);
            return known.isEmpty() ? ofNode(input.state()) : known;
        });
    }

    /** Reads objects. Their problems go to standard error. */
    ClusterInput input(InputOptions options) {
        Optional<KubeconfigFiles> server = apiServer(options);
        if (!options.paths.isEmpty() && (options.kubeconfig != null || !options.master.isEmpty())) {
            throw new CommandException(ExitCode.USAGE, "give either -f or an API server, not both");
        }
        if (options.paths.isEmpty() && server.isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "no objects to read",
                    List.of(
                            "give a file, a folder or - with -f:  kubectl get svc,endpointslices,nodes -A -o yaml |"
                                    + " fairlead render -f -",
                            "or an API server with --kubeconfig FILE"));
        }
        return options.paths.isEmpty() ? listed(server.orElseThrow(), options) : input(options.paths, options);
    }

    /** Returns the kubeconfig files of the API server that has the objects; empty if no setting names one. */
    private Optional<KubeconfigFiles> apiServer(InputOptions options) {
        String path = options.kubeconfig != null
                ? options.kubeconfig
                : config.clientConnection().kubeconfig();
        KubeconfigFiles files = path.isEmpty()
                ? KubeconfigFiles.list(surroundings.environment().getOrDefault("KUBECONFIG", ""))
                : KubeconfigFiles.of(path);
        boolean inPod = surroundings.environment().containsKey("KUBERNETES_SERVICE_HOST");
        return files.paths().isEmpty() && options.master.isEmpty() && !inPod ? Optional.empty() : Optional.of(files);
    }

    private ClusterInput listed(KubeconfigFiles kubeconfig, InputOptions options) {
        try {
            ClusterInput input = ClusterSnapshot.read(
                    kubeconfig, options.master, WatchOptions.of(nodeName()), API_SERVER_PATIENCE, surroundings.time());
            return reported(input, options);
        } catch (ApiServerException e) {
            throw new CommandException(ExitCode.USAGE, "cannot read objects: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitCode.USAGE, "interrupted while reading objects");
        }
    }

    ClusterInput input(List<String> paths, InputOptions options) {
        ClusterInput input;
        try {
            input = new ClusterReader(options.recursive, false, surroundings.in()).read(paths);
        } catch (IOException e) {
            throw new CommandException(ExitCode.USAGE, "cannot read objects: " + reason(e));
        }
        return reported(input, options);
    }

    private ClusterInput reported(ClusterInput input, InputOptions options) {
        ProblemPrinter.print(surroundings.err(), input);
        if (options.strict && input.hasErrors()) {
            throw new CommandException(ExitCode.USAGE, "the input has errors and --strict was given; nothing was done");
        }
        return input;
    }

    /** Returns the plan with the addresses of the kernel's interfaces. */
    Planned online(ClusterInput input) {
        return planned(input, this::addresses);
    }

    /** Returns the plan without a kernel. Its addresses are those of the Node object, unless they are given. */
    Planned offline(ClusterInput input) {
        return planned(input, () -> given() != null ? given() : ofNode(input.state()));
    }

    /** Returns the given addresses, else those of the interfaces. */
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
                            : List.of("is there a namespace " + namespace + "?  ip netns list"));
        }
    }

    private Planned planned(ClusterInput input, java.util.function.Supplier<List<Ip>> addresses) {
        List<Ip> local = addresses.get();
        NodeSettings settings = config.settings(mode(), nodeName(), local);
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

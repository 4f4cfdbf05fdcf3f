package io.fairlead.cli;

import io.fairlead.agent.ClusterSnapshot;
import io.fairlead.agent.source.InterfaceAddresses;
import io.fairlead.agent.time.TimeSource;
import io.fairlead.agent.xtables.IptablesWatch;
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
import io.fairlead.core.rules.Backend;
import io.fairlead.iptables.IptablesBackend;
import io.fairlead.iptables.IptablesOptions.Variant;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.nft.NftBackend;
import io.fairlead.nft.NftCheck;
import io.fairlead.nft.kernel.Libnftables;
import io.fairlead.nft.kernel.RulesetWatch;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** From options to objects, plan, host and backend; the same way for every command. */
final class Wiring {
    private static final Pattern MODE = Pattern.compile("(?:line \\d+: )?mode: ");
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,254}");
    private static final Duration API_SERVER_PATIENCE = Duration.ofSeconds(20);
    private static final Pattern NODE_NAME = Pattern.compile("[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?");

    private final Surroundings surroundings;
    private final NodeOptions node;
    private final @Nullable String namespace;
    private final KubeProxyConfig config;
    private @Nullable Variant variant;

    /** With a configuration that was read elsewhere. */
    Wiring(Surroundings surroundings, NodeOptions node, @Nullable String namespace, KubeProxyConfig config) {
        this.surroundings = surroundings;
        this.node = node;
        this.namespace = checked(namespace);
        this.config = config;
    }

    /** Reads the configuration; its warnings go to standard error. */
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
        return node.proxyMode == null ? config.mode() : node.proxyMode;
    }

    /** CFG-13. */
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

    /** Whether the kernel's network is that of this process, and not of another namespace. */
    boolean isHere() {
        return namespace == null;
    }

    /** Runs programs in the namespace that was asked for. */
    ProcessRunner processes() {
        return namespace == null
                ? surroundings.processes()
                : surroundings.processes().inNamespace(namespace);
    }

    /** For rules that no kernel is asked about. */
    Backend<?, ?> backend() {
        return Backends.withLayouts(
                surroundings.backends().apply(mode(), processes()), node.dispatch.layout(), node.layout);
    }

    /** For the rules of this node. */
    Backend<?, ?> nodesBackend() {
        Backend<?, ?> backend = backend();
        return backend instanceof IptablesBackend iptables ? seeing(iptables.with(variant(iptables))) : backend;
    }

    /** The same backend, and of the nft variant nf_tables is asked where iptables leaves something out. */
    IptablesBackend seeing(IptablesBackend iptables) {
        return iptables.variantInUse() == Variant.NFT
                ? iptables.seeing(surroundings.rawTables().apply(namespace == null ? "" : namespace))
                : iptables;
    }

    /**
     * The variant of iptables that everything here uses: what FAIRLEAD_IPTABLES says, else the node's own.
     *
     * @throws CommandException if FAIRLEAD_IPTABLES is neither nft nor legacy
     */
    private Variant variant(IptablesBackend installed) {
        if (variant == null) {
            String settled = surroundings.environment().getOrDefault("FAIRLEAD_IPTABLES", "");
            variant = switch (settled) {
                case "" -> installed.variantOfNode();
                case "nft" -> Variant.NFT;
                case "legacy" -> Variant.LEGACY;
                default ->
                    throw new CommandException(
                            ExitCode.USAGE, "FAIRLEAD_IPTABLES must be nft or legacy, not \"" + settled + "\"");
            };
        }
        return variant;
    }

    /** The same backend, and it notices what others do, where the kernel tells. */
    Backend<?, ?> watched(Backend<?, ?> backend) {
        String where = namespace == null ? "" : namespace;
        return switch (backend) {
            case IptablesBackend iptables ->
                iptables.watchedBy(
                        IptablesWatch.open(iptables.variantInUse(), where).orElse(null));
            case NftBackend nft -> nft.watchedBy(RulesetWatch.open(where).orElse(null));
            default -> backend;
        };
    }

    /** Whether this node has rules of a family: iptables may have those of one alone (PROTO-6). */
    boolean hasRulesOf(IpFamily family) {
        return !(backend() instanceof IptablesBackend iptables)
                || iptables.with(variant == null ? Variant.SYSTEM : variant).worksIn(family);
    }

    /**
     * NFT-28, before anything is written.
     *
     * @throws io.fairlead.core.rules.ApplyFailedException if nft or the kernel is too old for the mode
     */
    void requireVersions() {
        if (mode() == ProxyMode.NFTABLES) {
            boolean anyKernel = !surroundings
                    .environment()
                    .getOrDefault("KUBE_PROXY_NFTABLES_SKIP_KERNEL_VERSION_CHECK", "")
                    .isEmpty();
            new NftCheck(processes()).requireVersions(anyKernel ? "" : System.getProperty("os.version", ""));
        }
    }

    /**
     * nftables in this process if that can be done safely, else by the program.
     *
     * @param remarks is told why not
     */
    Backend<?, ?> fastestBackend(Consumer<String> remarks) {
        if (mode() != ProxyMode.NFTABLES) {
            return watched(nodesBackend());
        }
        String why = new NftCheck(processes()).whyNotInProcess();
        if (why.isEmpty()) {
            try {
                return libraryBackend();
            } catch (ProgramMissingException e) {
                why = String.valueOf(e.getMessage());
            }
        }
        remarks.accept("rules are written by the program nft, not in process: " + why);
        return watched(nodesBackend());
    }

    /** The same, but nftables by its library in this process. */
    Backend<?, ?> libraryBackend() {
        if (mode() != ProxyMode.NFTABLES) {
            throw new CommandException(ExitCode.USAGE, "--nft library is for --proxy-mode nftables");
        }
        return watched(new NftBackend(namespace == null ? Libnftables.open() : Libnftables.openIn(namespace)));
    }

    /** Reads objects; what is wrong with them goes to standard error. */
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

    /** Whom to ask for objects that no -f gives; empty if nothing says so. */
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

    /** The plan as the kernel's own interfaces make it. */
    Planned online(ClusterInput input) {
        return planned(input, this::addresses);
    }

    /** The plan without a kernel: addresses are those of the Node object unless they are given. */
    Planned offline(ClusterInput input) {
        return planned(input, () -> given() != null ? given() : ofNode(input.state()));
    }

    /** Given ones, else those of the interfaces. */
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

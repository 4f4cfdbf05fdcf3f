package io.fairlead.cli;

import io.fairlead.config.ImitatedVersion;
import io.fairlead.config.flags.FlagWords;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.linux.EmptyNamespaceRunner;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.node.LiveNodeFacts;
import io.fairlead.linux.node.NodeFacts;
import io.fairlead.linux.process.Capabilities;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.linux.time.SystemTime;
import java.io.Console;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Spec;

/** The entry point of the program {@code fairlead}. */
public final class Main {

    private static final String KUBE_PROXY = "kube-proxy";
    private static final List<String> AGENTS = List.of("agent", KUBE_PROXY);

    private Main() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs one command with the streams of this process, and returns the exit status without ending the process. */
    public static int run(String... args) {
        Surroundings surroundings = new Surroundings(
                writer(System.out),
                writer(System.err),
                System.out,
                System.in,
                System.getenv(),
                Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .isPresent(),
                Main::hostName,
                new ExecProcessRunner(),
                new EmptyNamespaceRunner(Libc::load, new ExecProcessRunner()),
                Capabilities::ofThisProcess,
                Main::facts,
                new SystemTime(),
                new ProductDialects());
        return run(surroundings, CommandPlugins.load(), args);
    }

    /** Runs one command, without plug-ins. */
    static int run(Surroundings surroundings, String... args) {
        return run(surroundings, List.of(), args);
    }

    private static int run(Surroundings surroundings, List<CommandPlugin> plugins, String... args) {
        int exitCode = run(commandLine(surroundings, plugins), args);
        surroundings.out().flush();
        surroundings.err().flush();
        return exitCode;
    }

    /**
     * Runs one of the given commands and returns its exit status. For the command kube-proxy, the status 2 is replaced
     * by 1.
     */
    static int run(CommandLine commands, String... args) {
        int exitCode = commands.execute(words(args));
        if (exitCode == ExitCode.USAGE && args.length > 0 && args[0].equals(KUBE_PROXY)) {
            exitCode = ExitCode.ENDED;
        }
        return exitCode;
    }

    /**
     * Converts the command line of the agent from kube-proxy's forms of flags. The command lines of other commands are
     * unchanged.
     */
    private static String[] words(String[] args) {
        if (args.length == 0 || !AGENTS.contains(args[0])) {
            return args;
        }
        List<String> words = new ArrayList<>(List.of(args[0]));
        words.addAll(FlagWords.normal(List.of(args).subList(1, args.length)));
        return words.toArray(String[]::new);
    }

    static CommandLine commandLine(Surroundings surroundings) {
        return commandLine(surroundings, List.of());
    }

    private static CommandLine commandLine(Surroundings surroundings, List<CommandPlugin> plugins) {
        CommandLine line = new CommandLine(new Root())
                .addSubcommand(new RenderCommand(surroundings))
                .addSubcommand(new DiffCommand(surroundings))
                .addSubcommand(new ApplyCommand(surroundings))
                .addSubcommand(new TraceCommand(surroundings))
                .addSubcommand(new VerifyCommand(surroundings))
                .addSubcommand(new WhyCommand(surroundings))
                .addSubcommand(new DumpCommand(surroundings))
                .addSubcommand(new DoctorCommand(surroundings))
                .addSubcommand(new StatusCommand(surroundings))
                .addSubcommand("agent", agent(surroundings))
                .addSubcommand(KUBE_PROXY, kubeProxy(surroundings))
                .addSubcommand(new CleanupCommand(surroundings))
                .addSubcommand(new CompletionCommand(surroundings))
                .addSubcommand(new VersionCommand(surroundings))
                .addSubcommand(new CommandLine.HelpCommand())
                .setOut(surroundings.out())
                .setErr(surroundings.err())
                .setExecutionExceptionHandler((e, _, _) -> explain(surroundings, e));
        plugins.stream()
                .flatMap(plugin -> plugin.commands(surroundings).stream())
                .forEach(command -> line.addSubcommand(command));
        OptionTexts.replaceIn(line);
        line.registerConverter(ProxyMode.class, new ProxyModeConverter());
        line.setCaseInsensitiveEnumValuesAllowed(false);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(surroundings.terminal() ? Ansi.AUTO : Ansi.OFF));
        line.setUsageHelpWidth(100);
        return line;
    }

    private static CommandLine agent(Surroundings surroundings) {
        CommandLine agent = new CommandLine(new AgentCommand(surroundings));
        AgentFlags.addTo(agent.getCommandSpec());
        return agent.setOverwrittenOptionsAllowed(true);
    }

    /**
     * Returns the command agent with the name kube-proxy, which kube-proxy's manifests call. The help does not list it,
     * because the help already lists agent.
     */
    private static CommandLine kubeProxy(Surroundings surroundings) {
        CommandLine agent = agent(surroundings);
        agent.getCommandSpec().name(KUBE_PROXY).versionProvider(new BehaviourVersion());
        UsageMessageSpec usage = agent.getCommandSpec().usageMessage();
        usage.footer(Arrays.stream(usage.footer())
                .map(line -> line.replace("fairlead agent", KUBE_PROXY))
                .toArray(String[]::new));
        Map<String, String> statuses = new LinkedHashMap<>(usage.exitCodeList());
        statuses.remove("2");
        statuses.computeIfPresent("1", (_, meaning) -> "the command line or the configuration is wrong, " + meaning);
        usage.exitCodeList(statuses)
                .hidden(true)
                .header("Fairlead, installed under the name kube-proxy: the same program as fairlead agent.")
                .customSynopsis("kube-proxy [OPTIONS]  (every flag of kube-proxy " + ImitatedVersion.MAJOR + "."
                        + ImitatedVersion.MINOR + ", and Fairlead's own)");
        return agent;
    }

    private static int explain(Surroundings surroundings, Exception e) throws Exception {
        surroundings.out().flush();
        return switch (e) {
            case CommandException expected ->
                failed(surroundings, expected.exitCode(), expected.getMessage(), expected.details());
            case ApplyFailedException refused -> {
                List<String> details = new ArrayList<>(refused.linesAtFault());
                refused.toolOutput().lines().limit(20).forEach(line -> details.add("| " + line));
                yield failed(surroundings, ExitCode.KERNEL, refused.getMessage(), details);
            }
            case UnknownRuleException unknown -> failed(surroundings, ExitCode.KERNEL, unknown.getMessage(), List.of());
            case ProgramMissingException missing ->
                failed(
                        surroundings,
                        ExitCode.KERNEL,
                        missing.getMessage(),
                        List.of("install the package that contains it (nftables, iptables, iproute2)"));
            default -> throw e;
        };
    }

    private static int failed(Surroundings surroundings, int exitCode, @Nullable String message, List<String> details) {
        surroundings.err().println("error: " + message);
        details.forEach(detail -> surroundings.err().println("  " + detail));
        return exitCode;
    }

    private static NodeFacts facts(String namespace) {
        return namespace.isEmpty()
                ? LiveNodeFacts.here()
                : LiveNodeFacts.in(NetworkNamespace.of(Libc.load(), namespace));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), false);
    }

    /**
     * Returns the kernel's host name, without a request to a name server. If /proc does not contain it, returns the
     * host name that the JDK finds, or "" if there is none.
     */
    private static String hostName() {
        try {
            Path kernel = Path.of("/proc/sys/kernel/hostname");
            return Files.exists(kernel)
                    ? Files.readString(kernel, StandardCharsets.UTF_8).strip()
                    : InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return "fairlead " + Objects.requireNonNullElse(version, "(not from an archive)");
    }

    /** The command {@code fairlead} without a subcommand, which reports that the subcommand is missing. */
    @Command(
            name = "fairlead",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            synopsisSubcommandLabel = "COMMAND",
            header = "Show, explain and apply the rules of Kubernetes Services on a node.")
    static final class Root implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            throw new CommandLine.ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "no command given");
        }
    }

    /**
     * Provides the version of the kube-proxy whose behaviour Fairlead has, in kube-proxy's format for scripts, and
     * Fairlead's own version.
     */
    static final class BehaviourVersion implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Kubernetes " + ImitatedVersion.GIT_VERSION, version()};
        }
    }

    /** Provides Fairlead's version, which the jar of the product contains. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {version()};
        }
    }
}

package io.fairlead.cli;

import io.fairlead.agent.loop.FakeBackend;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.dump.NftListing;
import io.fairlead.explain.dump.NftProgramListing;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.iptables.kernel.PacketCounters;
import io.fairlead.iptables.kernel.RawTables;
import io.fairlead.linux.node.NodeFacts;
import io.fairlead.linux.process.Capabilities;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.time.SystemTime;
import io.fairlead.nft.kernel.NftProgram;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * Runs commands in this JVM. The kernel is a fake in memory. If {@link #realBackends} is set, the rules are real
 * iptables or nftables rules, but {@link #kernel} answers instead of the programs that would read or change the kernel.
 */
final class Session {
    final Map<ProxyMode, FakeBackend> fakes = new EnumMap<>(ProxyMode.class);
    final List<Command> processes = new ArrayList<>();
    final Map<String, String> environment = new HashMap<>();
    final Path folder;
    /** The values of --nft with which commands opened the rules of a mode. */
    final List<NftAccess> accesses = new ArrayList<>();

    boolean realBackends;
    boolean terminal;
    /** Returns the results of programs that would read or change the kernel. */
    Function<Command, ProcessResult> kernel = _ -> new ProcessResult(1, "", "there is no kernel here");

    NodeFacts facts = NodeFacts.NONE;
    Capabilities capabilities = new Capabilities(-1L);
    /** What commands write to standard output as bytes. */
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    String in = "";
    String out = "";
    String err = "";

    Session(Path folder) {
        this.folder = folder;
        for (ProxyMode mode : ProxyMode.values()) {
            fakes.put(mode, new FakeBackend(mode));
        }
    }

    FakeBackend nft() {
        return fakes.get(ProxyMode.NFTABLES);
    }

    /** Writes a file to the folder and returns its path. */
    String file(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text).toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs one command line that consists of the two lists of words. */
    int run(List<String> first, String... more) {
        return run(Stream.concat(first.stream(), Stream.of(more)).toArray(String[]::new));
    }

    /** Runs one command line and returns its exit status. */
    int run(String... words) {
        StringWriter outWriter = new StringWriter();
        StringWriter errWriter = new StringWriter();
        int exitCode = Main.run(surroundings(outWriter, errWriter), words);
        out = outWriter.toString();
        err = errWriter.toString();
        return exitCode;
    }

    /**
     * Runs one command line with existing command objects, which takes a tenth of the time. The kernel and the other
     * fields that are read when the command objects are created must not be replaced between runs.
     */
    int run(CommandLine commands, StringWriter outWriter, StringWriter errWriter, String... words) {
        outWriter.getBuffer().setLength(0);
        errWriter.getBuffer().setLength(0);
        int exitCode = Main.run(commands, words);
        out = outWriter.toString();
        err = errWriter.toString();
        return exitCode;
    }

    /** Creates command objects for {@link #run(CommandLine, StringWriter, StringWriter, String...)}. */
    CommandLine commandLine(StringWriter outWriter, StringWriter errWriter) {
        return Main.commandLine(surroundings(outWriter, errWriter));
    }

    /** Creates the picocli command objects. */
    CommandLine commandLine() {
        return Main.commandLine(surroundings(new StringWriter(), new StringWriter()));
    }

    private Surroundings surroundings(Writer outWriter, Writer errWriter) {
        return new Surroundings(
                new PrintWriter(outWriter),
                new PrintWriter(errWriter),
                bytes,
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                environment,
                terminal,
                () -> "Host-1",
                this::process,
                this::process,
                () -> capabilities,
                _ -> facts,
                new SystemTime(),
                new Dialects() {
                    @Override
                    public Dialect<?, ?> open(ProxyMode mode, DialectContext context) {
                        return dialect(mode, context);
                    }

                    @Override
                    public NftListing listing(DialectContext context) {
                        return new NftProgramListing(context.processes());
                    }
                });
    }

    private Dialect<?, ?> dialect(ProxyMode mode, DialectContext context) {
        accesses.add(context.nft());
        Dialect<?, ?> real = new ProductDialects(
                        _ -> RawTables.NONE, _ -> PacketCounters.NONE, byNft -> new NftProgram(byNft.processes()))
                .open(mode, context);
        return realBackends
                ? real
                : new FakeDialect<>(Objects.requireNonNull(fakes.get(mode)).backend(), real::requireVersions);
    }

    /** A dialect whose kernel is a fake in memory. */
    private record FakeDialect<R extends Ruleset, C extends Change>(Backend<R, C> backend, Consumer<NftAccess> versions)
            implements Dialect<R, C> {
        @Override
        public RuleLayout<R, C> layout() {
            return backend.layout();
        }

        @Override
        public R in(Dump dump) {
            return backend.kernel().read();
        }

        @Override
        public RuleTable.Tool tool() {
            return RuleTable.Tool.NFT;
        }

        @Override
        public void requireVersions(NftAccess nft) {
            versions.accept(nft);
        }
    }

    private ProcessResult process(Command command) {
        processes.add(command);
        if (command.text().endsWith("ip -j addr show")) {
            return new ProcessResult(0, "[{\"addr_info\":[{\"local\":\"127.0.0.1\"},{\"local\":\"192.0.2.10\"}]}]", "");
        }
        return kernel.apply(command);
    }
}

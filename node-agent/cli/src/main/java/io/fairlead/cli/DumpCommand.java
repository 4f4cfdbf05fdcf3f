package io.fairlead.cli;

import io.fairlead.cluster.objects.PrunedObjects;
import io.fairlead.inspect.bundle.Bundle;
import io.fairlead.inspect.bundle.Collector;
import io.fairlead.inspect.bundle.Pseudonyms;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes everything that an explanation needs into one archive. */
@Command(
        name = "dump",
        mixinStandardHelpOptions = true,
        header = "Write the rules and routes of this node into a bundle for the option --rules of other commands.",
        description = {
            "",
            "The bundle contains the rules of all programs in all tables, addresses, routes and routing rules, conntrack entries,"
                    + " the settings of the kernel that matter, versions, and the configuration of the running proxy. It never"
                    + " contains a token, a certificate, a kubeconfig or a Secret. The commands trace, verify, diff, why and doctor"
                    + " read the bundle with --rules on any machine, and give the same answers as on this node for the same"
                    + " objects. Needs root. Nothing is changed.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:the bundle is written",
            "2:the command line or the input is wrong",
            "3:the node cannot be read"
        },
        footer = {
            "",
            "Examples:",
            "  fairlead dump -o node-1.tar.gz",
            "  kubectl get svc,endpointslices,nodes -A -o yaml | fairlead dump -o public.tar.gz --anonymise -f -",
            "  kubectl exec -n kube-system fairlead-x7k2p -- fairlead dump -o - > node-1.tar.gz",
            "  fairlead verify --rules node-1.tar.gz -f cluster.yaml"
        })
final class DumpCommand implements Callable<Integer> {
    private static final int KEY_BYTES = 32;

    private final Surroundings surroundings;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "The archive, tar with gzip, or - for standard output. A file of that name is replaced.")
    Path output = Path.of("");

    @Option(
            names = "--anonymise",
            description =
                    "Replace each address and name with an invented one, everywhere in the same way, so that packets take"
                            + " the same paths. Also give the objects with -f, because the bundle no longer matches the"
                            + " cluster's own objects.")
    boolean anonymise;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Store at most this number of conntrack entries. Default: 10000.")
    int connections = 10_000;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "PATH",
            description =
                    "Also store the Services, EndpointSlices, Endpoints, Nodes and ServiceCIDRs of this file or folder (-"
                            + " for standard input), without the fields on which no rule depends. Pods are not stored."
                            + " Without -f the bundle has no objects. May be repeated.")
    List<String> paths = new ArrayList<>();

    @Option(
            names = {"-R", "--recursive"},
            description = "Also read folders inside folders.")
    boolean recursive;

    @Option(
            names = "--node-name",
            paramLabel = "NAME",
            description = "The name of this node in the cluster, for commands that read the bundle, if the running"
                    + " proxy has no hostnameOverride. Default: the host's name.")
    @Nullable
    String nodeName;

    @Mixin
    NftOption nft = new NftOption();

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    DumpCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        if (connections < 0) {
            throw new CommandException(ExitCode.USAGE, "--connections: must not be negative");
        }
        if (output.toString().equals("-") && surroundings.terminal()) {
            throw new CommandException(
                    ExitCode.USAGE, "--output: an archive is not for a terminal", List.of("add: > node-1.tar.gz"));
        }
        NodeOptions node = new NodeOptions();
        node.nodeName = nodeName;
        node.nft = nft.access;
        Wiring wiring = new Wiring(surroundings, node, namespace.name);
        SortedMap<String, String> objects = objects();
        Collector collector =
                new Collector(wiring.processes(), wiring.facts(), wiring.nftables(), wiring.time(), connections);
        Bundle bundle = collector.collect(wiring.nodeName(), Main.version());
        collector.missing().forEach(line -> surroundings.err().println("warning: " + line));
        objects.putAll(bundle.files());
        Bundle all = new Bundle(objects);
        write(anonymise ? Pseudonyms.replaceIn(all, key()) : all);
        return ExitCode.OK;
    }

    private static byte[] key() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    private SortedMap<String, String> objects() {
        SortedMap<String, String> files = new TreeMap<>();
        if (!paths.isEmpty()) {
            try {
                files.put(
                        Bundle.OBJECTS, Json.line(new PrunedObjects(recursive, surroundings.in()).read(paths)) + "\n");
            } catch (IOException e) {
                throw new CommandException(ExitCode.USAGE, "cannot read objects: " + Wiring.reason(e));
            }
        }
        return files;
    }

    /**
     * Writes the bundle to the file or to standard output. Only the owner of the file can read it, because it describes
     * the network.
     */
    private void write(Bundle bundle) {
        try {
            if (output.toString().equals("-")) {
                bundle.write(surroundings.bytes(), surroundings.time().instant());
                surroundings.bytes().flush();
                return;
            }
            Files.deleteIfExists(output);
            try (OutputStream out = Channels.newOutputStream(Files.newByteChannel(
                    output,
                    Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))))) {
                bundle.write(out, surroundings.time().instant());
            }
            surroundings
                    .out()
                    .println("Wrote " + output + ": " + bundle.files().size() + " files, " + Files.size(output)
                            + " bytes.");
        } catch (IOException e) {
            throw new CommandException(ExitCode.USAGE, "--output: " + Wiring.reason(e));
        }
    }
}

package io.fairlead.fuzz;

import io.fairlead.agent.xtables.XtablesReading;
import io.fairlead.cluster.access.AccessException;
import io.fairlead.cluster.access.AccessReader;
import io.fairlead.cluster.access.KubeconfigFiles;
import io.fairlead.cluster.objects.ObjectReading;
import io.fairlead.cluster.watch.AnswerReading;
import io.fairlead.config.ConfigException;
import io.fairlead.config.ConfigReader;
import io.fairlead.config.flags.FlagException;
import io.fairlead.config.flags.FlagValues;
import io.fairlead.config.flags.FlagWords;
import io.fairlead.config.flags.KubeProxyFlag;
import io.fairlead.conntrack.ConntrackReading;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.dump.DumpException;
import io.fairlead.explain.dump.Outputs;
import io.fairlead.explain.model.RuleChain;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.explain.read.Origin;
import io.fairlead.explain.read.ReadException;
import io.fairlead.explain.read.iptables.SavedTables;
import io.fairlead.explain.read.json.JsonListing;
import io.fairlead.explain.read.nft.ListedTables;
import io.fairlead.inspect.bundle.Bundle;
import io.fairlead.inspect.bundle.BundleException;
import io.fairlead.iptables.text.SaveReader;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MalformedMessageException;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.nft.kernel.EventReading;
import io.fairlead.nft.kernel.NftProgram;
import io.fairlead.nftables.listing.ListedText;
import io.fairlead.nftables.listing.ListingReader;
import io.fairlead.nftables.read.NetlinkReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * The readers of the product that get bytes from outside the process. Each accepts an input or refuses it with the
 * exception that its callers expect; any other exception is a finding.
 */
enum FuzzedReader {
    OBJECTS(input -> ObjectReading.read(text(input))),
    ANSWER(AnswerReading::read),
    IPTABLES_SAVE(FuzzedReader::iptablesSave),
    NFT_TEXT(FuzzedReader::nftText),
    NFT_JSON(FuzzedReader::nftJson),
    NFT_OWN_TABLE(FuzzedReader::ownTable),
    NFT_ALL_TABLES(FuzzedReader::allTables),
    NFT_EVENTS(input -> EventReading.read(new FuzzKernel(input, true), 1 + input.length / 64)),
    XTABLES(FuzzedReader::xtables),
    MESSAGES(FuzzedReader::messages),
    CONNTRACK(input -> ConntrackReading.read(new FuzzKernel(input, false))),
    CONFIGURATION(FuzzedReader::configuration),
    KUBECONFIG(FuzzedReader::kubeconfig),
    FLAGS(FuzzedReader::flags),
    DUMP(FuzzedReader::dump),
    OUTPUTS(FuzzedReader::outputs),
    BUNDLE(FuzzedReader::bundle);

    private static final Origin ORIGIN = new Origin("input", 1);

    private interface Reading {
        void read(byte[] input) throws IOException;
    }

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Reading reading;

    FuzzedReader(Reading reading) {
        this.reading = reading;
    }

    /** Returns the name of the folder with its inputs. */
    String folder() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads an input. */
    void read(byte[] input) {
        try {
            reading.read(input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    private static void iptablesSave(byte[] input) {
        String text = text(input);
        SaveReader.leftOut(text);
        for (IpFamily family : IpFamily.values()) {
            SaveReader.read(family, text);
            try {
                readWhole(SavedTables.read(text, RuleTable.Tool.IPTABLES, family, ORIGIN));
            } catch (ReadException _) {
                // Refused, with line and column.
            }
        }
    }

    /** Reads the rules of all chains, which are otherwise read when a packet reaches them. */
    private static void readWhole(List<RuleTable> tables) {
        for (RuleTable table : tables) {
            table.chains().values().forEach(RuleChain::rules);
        }
    }

    private static void nftText(byte[] input) {
        String text = text(input);
        try {
            readWhole(ListedTables.read(text, ORIGIN));
        } catch (ReadException _) {
            // Refused, with line and column.
        }
        NftProgram own = new NftProgram(_ -> new ProcessResult(0, text, ""));
        try {
            own.read(IpFamily.IPV4);
        } catch (UnknownRuleException _) {
            // The table is not Fairlead's, and is written again.
        }
    }

    private static void nftJson(byte[] input) {
        try {
            readWhole(ListedTables.read(JsonListing.text(text(input)), ORIGIN));
        } catch (ReadException _) {
            // Refused, with line and column.
        }
    }

    private static void ownTable(byte[] input) {
        Libc kernel = new FuzzKernel(input, false);
        try {
            new NetlinkReader(kernel, NetworkNamespace.of(kernel, ""), new ListedText(_ -> "")).read(IpFamily.IPV4);
        } catch (ApplyFailedException | UnknownRuleException _) {
            // Refused: the agent reports it and retries.
        }
    }

    private static void allTables(byte[] input) {
        Libc kernel = new FuzzKernel(input, false);
        try {
            String listed = ListingReader.of(kernel, NetworkNamespace.of(kernel, ""))
                    .read()
                    .text();
            readWhole(ListedTables.read(listed, ORIGIN));
        } catch (ApplyFailedException | ReadException _) {
            // Refused: the command reports it.
        }
    }

    private static void xtables(byte[] input) {
        try {
            XtablesReading.read(new MessageReader(ByteBuffer.wrap(input)));
        } catch (MalformedMessageException _) {
            // Refused: the agent uses the output of iptables alone.
        }
    }

    private static void messages(byte[] input) {
        MessageReader message = new MessageReader(ByteBuffer.wrap(input));
        try {
            while (message.next()) {
                if (message.isLast()) {
                    message.acknowledgement();
                } else {
                    message.family();
                    walk(message.netfilterAttributes(), 0);
                }
            }
        } catch (MalformedMessageException _) {
            // Refused.
        }
    }

    private static void walk(Attributes attributes, int depth) {
        while (attributes.next()) {
            attributes.bytes();
            if (depth < 4 && attributes.length() > 8) {
                walk(attributes.nested(), depth + 1);
            }
        }
    }

    private static void configuration(byte[] input) {
        try {
            ConfigReader.read("config.yaml", input);
        } catch (ConfigException _) {
            // Refused, with every field that is wrong.
        }
    }

    private static void kubeconfig(byte[] input) throws IOException {
        Path file = Files.createTempFile("fairlead-fuzz", ".kubeconfig");
        try {
            Files.write(file, input);
            new AccessReader(Map.of(), file.resolveSibling("no-such-root"))
                    .read(KubeconfigFiles.of(file.toString()), "");
        } catch (AccessException _) {
            // Refused, with the field.
        } finally {
            Files.delete(file);
        }
    }

    /** Reads each line of the input as a word of the command line. */
    private static void flags(byte[] input) {
        Map<KubeProxyFlag, List<String>> words = new EnumMap<>(KubeProxyFlag.class);
        for (String word : FlagWords.normal(text(input).lines().toList())) {
            String[] parts = word.split("=", 2);
            Optional<KubeProxyFlag> flag = Arrays.stream(KubeProxyFlag.values())
                    .filter(known -> known.option().equals(parts[0]))
                    .findAny();
            if (flag.isPresent() && parts.length == 2) {
                words.computeIfAbsent(flag.get(), _ -> new ArrayList<>()).add(parts[1]);
            }
        }
        try {
            ConfigReader.ofFlags(FlagValues.of(words).fields());
        } catch (FlagException | ConfigException _) {
            // Refused, with every flag that is wrong.
        }
    }

    private static void dump(byte[] input) {
        try {
            rules(Dump.read("dump.txt", text(input)));
        } catch (DumpException _) {
            // Refused, with line and column.
        }
    }

    private static void rules(Dump dump) {
        dump.saves().forEach(save -> readWhole(save.tables()));
        dump.listings().forEach(listing -> readWhole(listing.tables()));
        dump.rules();
        dump.variant();
    }

    /** Reads the files of a bundle. Each file begins with a line "== NAME". */
    private static void outputs(byte[] input) {
        SortedMap<String, String> files = new TreeMap<>();
        String name = "rules/nft.txt";
        StringBuilder content = new StringBuilder();
        for (String line : text(input).split("(?<=\n)", -1)) {
            if (line.startsWith("== ")) {
                files.put(name, content.toString());
                content.setLength(0);
                name = line.substring(3).strip();
            } else {
                content.append(line);
            }
        }
        files.put(name, content.toString());
        try {
            rules(new Outputs(files).dump("bundle/"));
        } catch (DumpException _) {
            // Refused, with file, line and column.
        }
    }

    /** Reads the input as an archive, and as the tar file inside an archive. */
    private static void bundle(byte[] input) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(input.length);
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(input);
        }
        for (byte[] archive : List.of(input, compressed.toByteArray())) {
            try {
                rules(Bundle.read("bundle.tar.gz", new ByteArrayInputStream(archive))
                        .outputs()
                        .dump("bundle.tar.gz/"));
            } catch (BundleException | DumpException _) {
                // Refused, with the reason.
            }
        }
    }
}

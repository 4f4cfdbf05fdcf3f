package io.fairlead.nftables.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.model.NodeRule;
import io.fairlead.explain.model.RuleChain;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.explain.model.Statement;
import io.fairlead.explain.read.Origin;
import io.fairlead.explain.read.nft.ListedTables;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.nft.NftLayout;
import io.fairlead.nft.NftRuleset;
import io.fairlead.nft.fixture.KubeProxyTables;
import io.fairlead.nft.fixture.Plans;
import io.fairlead.nft.fixture.TestNamespace;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.text.TableText;
import io.fairlead.nftables.read.NetlinkReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Compares two listings of tables of other programs, by netlink and by nft: both must be read as the same values.
 * Intended differences are listed with their reasons, and each of them must occur, so that the list stays correct.
 */
@Tag("kernel")
class ListingKernelTest {
    private static final Path KINDS = Path.of("../../test-vm/e2e/src/test/resources/io/fairlead/e2e/guest/kinds");

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private TestNamespace namespace;
    private ListingReader reader;

    @BeforeEach
    void open() {
        namespace = TestNamespace.open();
        namespace.output("ip", "link", "set", "lo", "up");
        namespace.output("ip", "link", "add", "nd0", "type", "veth", "peer", "name", "nd1");
        Libc libc = Libc.load();
        reader = ListingReader.of(libc, NetworkNamespace.of(libc, namespace.name()));
    }

    @AfterEach
    void close() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(ListingKernelTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private List<RuleTable> byNft() {
        return ListedTables.read(namespace.output("nft", "-a", "list", "ruleset"), Origin.KERNEL);
    }

    private List<RuleTable> byNetlink() {
        return ListedTables.read(reader.read().text(), Origin.KERNEL);
    }

    /** Returns everything that a table contains as text: by the name of a set or chain, or the number of a rule. */
    private static Map<String, String> contents(List<RuleTable> tables) {
        Map<String, String> contents = new LinkedHashMap<>();
        for (RuleTable table : tables) {
            String place = table.family().text() + " " + table.name();
            table.sets().forEach((name, set) -> contents.put(place + " set " + name, Shape.of(set)));
            for (RuleChain chain : table.chains().values()) {
                if (chain.name().startsWith("__")) {
                    continue;
                }
                contents.put(place + " chain " + chain.name(), Shape.of(chain.hook()));
                for (int i = 0; i < chain.rules().size(); i++) {
                    NodeRule rule = chain.rules().get(i);
                    String name = NUMBER.matcher(rule.comment()).matches()
                            ? "rule " + rule.comment()
                            : place + " chain " + chain.name() + " rule " + (i + 1);
                    contents.put(name, Shape.of(rule.statements()));
                }
            }
        }
        return contents;
    }

    private static Set<String> differences(Map<String, String> listed, Map<String, String> read) {
        Set<String> different = new TreeSet<>();
        listed.forEach((name, shape) -> {
            if (!shape.equals(read.get(name))) {
                different.add(name);
            }
        });
        read.keySet().stream().filter(name -> !listed.containsKey(name)).forEach(different::add);
        return different;
    }

    /**
     * Tests the rules in the file rules.txt. A rule without a comment gets its index in the file as its comment. The
     * rules are loaded with nft -i, which continues after a rule that the kernel refuses.
     */
    @Test
    void everyRuleIsReadAsNftListsIt() throws IOException {
        namespace.load(resource("tables.nft"));
        List<String> rules = new ArrayList<>(resource("rules.txt").lines().toList());
        Map<String, String> reasons = new TreeMap<>();
        StringBuilder input = new StringBuilder();
        for (int i = 0; i < rules.size(); i++) {
            String[] parts = rules.get(i).split(" +# ", 2);
            rules.set(i, parts[0]);
            if (parts.length > 1) {
                reasons.put(parts[0], parts[1]);
            }
            String chain = parts[0].substring(0, parts[0].indexOf(' '));
            input.append("add rule ").append(table(chain)).append(" c_").append(parts[0]);
            if (!parts[0].contains("comment")) {
                input.append(" comment \"").append(i).append('"');
            }
            input.append('\n');
        }
        ProcessResult result = namespace.runner().run(Command.of("nft", "-i").withInput(input.toString()));
        Map<String, String> listed = contents(byNft());
        Map<String, String> read = contents(byNetlink());
        long loaded = listed.keySet().stream()
                .filter(name -> name.startsWith("rule "))
                .count();
        assertThat(loaded).as(result.output() + result.error()).isGreaterThan(rules.size() - 30L);
        System.out.printf("%d of %d rules of other programs compared%n", loaded, rules.size());

        List<String> wrong = new ArrayList<>();
        reasons.put("ip t set marki", "nft writes a prefix of marks, which is not read; the range is");
        reasons.put("ip t set vl", "nft names the field of the keys instead of their type, and the field is not known");
        Set<String> expected = new TreeSet<>(reasons.keySet());
        for (String name : differences(listed, read)) {
            String rule = name.startsWith("rule ") ? rules.get(Integer.parseInt(name.substring(5))) : name;
            if (!expected.remove(rule)) {
                wrong.add(rule + "\n  nft     " + listed.get(name) + "\n  netlink " + read.get(name));
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(expected).as("differences that are none").isEmpty();
    }

    private static String table(String chain) {
        return switch (chain) {
            case "ip6" -> "ip6 t6";
            case "bridge" -> "bridge tb";
            case "arp" -> "arp ta";
            case "netdev" -> "netdev tn";
            default -> chain.startsWith("inet") ? "inet ti" : "ip t";
        };
    }

    @Test
    void everyKindOfTableIsReadAsNftListsIt() throws IOException {
        int loaded = 0;
        try (Stream<Path> files = Files.list(KINDS)) {
            for (Path file : files.sorted().toList()) {
                Command load = Command.of("nft", "-f", file.toAbsolutePath().toString());
                loaded += namespace.runner().run(load).succeeded() ? 1 : 0;
            }
        }
        assertThat(loaded).isGreaterThan(20);
        System.out.printf("%d kinds of tables of other programs compared%n", loaded);

        Map<String, String> listed = contents(byNft());
        Map<String, String> read = contents(byNetlink());
        Set<String> different = differences(listed, read);
        // nft lists the rules of a chain without a name inside the rule that jumps to it. The reader of nft's text does
        // not understand such a rule.
        assertThat(different).singleElement().satisfies(name -> {
            assertThat(name).isEqualTo("inet other_binding chain input rule 1");
            assertThat(listed.get(name)).contains("Unknown");
            assertThat(read.get(name)).doesNotContain("Unknown").contains("Jump(__chain");
        });
    }

    @Test
    void kubeProxysTablesAreListedAsTheAgentReadsThem() {
        for (String version : KubeProxyTables.VERSIONS) {
            namespace.load("flush ruleset\n" + KubeProxyTables.text(version));

            assertListedAsByNft(version);
        }
    }

    private void assertListedAsByNft(String what) {
        Map<String, String> listed = contents(byNft());
        Map<String, String> read = contents(byNetlink());
        assertThat(differences(listed, read))
                .as(what)
                .map(name -> name + "\n  nft     " + listed.get(name) + "\n  netlink " + read.get(name))
                .isEmpty();
    }

    /**
     * Tests Fairlead's own tables: the listing that commands read, and the tables that the agent reads, must be the
     * same.
     */
    @Test
    void ourTablesAreListedAsTheAgentReadsThem() {
        Libc libc = Libc.load();
        NetlinkReader ofAgent =
                new NetlinkReader(libc, NetworkNamespace.of(libc, namespace.name()), new ListedText(_ -> ""));
        NftLayout layout = new NftLayout();
        Plans.scenarios().forEach((name, plan) -> {
            namespace.load("flush ruleset\n"
                    + layout.diff(NftRuleset.NONE, layout.render(plan)).text());
            Dump dump = Dump.read("listing", reader.read().text());
            for (IpFamily family : IpFamily.values()) {
                assertThat(dump.proxyTable(family).map(TableText::parse).map(TableText::write))
                        .as(name)
                        .isEqualTo(ofAgent.read(family).map(ReadTable::table).map(TableText::write));
            }
            assertListedAsByNft(name);
        });
    }

    /** Tests a match that is not understood. The listing names and counts it, and contains the rest of the rule. */
    @Test
    void whatIsNotUnderstoodIsNamedAndCounted() {
        namespace.load("""
                table inet other {
                	chain c {
                		type filter hook forward priority 0; policy accept;
                		ipsec in reqid 5 accept
                		ipsec in reqid 6 tcp dport 80 drop
                	}
                }
                """);

        ListedRuleset listed = reader.read();

        assertThat(listed.notUnderstood()).containsExactly(Map.entry("xfrm", 2));
        List<NodeRule> rules = ListedTables.read(listed.text(), Origin.KERNEL)
                .getFirst()
                .chains()
                .get("c")
                .rules();
        assertThat(rules.getFirst().text()).isEqualTo("[xfrm] == 0x05000000 accept");
        assertThat(rules.getFirst().statements().getLast()).isEqualTo(new Statement.Accept());
        assertThat(rules.getFirst().where()).startsWith("handle ");
        assertThat(rules.getLast().statements()).hasSize(3);
    }

    /** Tests a prefix and a comment with characters that have a meaning in the text of nft. */
    @Test
    void noNameEndsTheListing() {
        namespace.load("""
                table inet other {
                	chain c {
                		type filter hook forward priority 0; policy drop;
                		log prefix "a } b # c \\ d" comment "x { y"
                	}
                }
                """);

        RuleTable table = byNetlink().getFirst();

        assertThat(table.chains().get("c").rules().getFirst().comment()).isEqualTo("x { y");
    }
}

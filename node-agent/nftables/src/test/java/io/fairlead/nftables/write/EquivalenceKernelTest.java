package io.fairlead.nftables.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.nft.NftChange;
import io.fairlead.nft.NftLayout;
import io.fairlead.nft.NftRuleset;
import io.fairlead.nft.fixture.EveryStatement;
import io.fairlead.nft.fixture.Plans;
import io.fairlead.nft.fixture.TestNamespace;
import io.fairlead.nft.kernel.Nftables.Answer;
import io.fairlead.nft.kernel.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Writes the same transaction by netlink and by nft, and compares the results: the kernel must have the same bytes, and
 * nft must list the same text. The system property {@code fairlead.nft} names the programs to compare with, separated
 * by commas; without it, the installed nft is used.
 */
@Tag("kernel")
class EquivalenceKernelTest {
    private static final List<String> PROGRAMS =
            Arrays.asList(System.getProperty("fairlead.nft", "nft").split(","));

    private final NftLayout layout = new NftLayout();

    static Stream<String> scenarios() {
        return Plans.scenarios().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void everyGoldenRulesetIsTheSame(String name) {
        assertSame(transaction(Plans.scenarios().get(name)));
    }

    @Test
    void everyStatementIsTheSame() {
        EveryStatement.transactions().forEach(EquivalenceKernelTest::assertSame);
    }

    @Test
    void randomClustersAreTheSame() {
        Seeds.each(
                8,
                seed -> assertSame(
                        transaction(RandomCluster.of(seed, ProxyMode.NFTABLES).plan())));
    }

    @Test
    void changesAreTheSame() {
        Seeds.each(6, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.NFTABLES);
            List<Transaction> transactions = new ArrayList<>(List.of(transaction(cluster.plan())));
            NftRuleset current = layout.render(cluster.plan());
            for (int i = 0; i < 4; i++) {
                cluster = cluster.mutated(i);
                NftRuleset desired = layout.render(cluster.plan());
                NftChange change = layout.diff(current, desired);
                if (!change.isEmpty()) {
                    transactions.add(change.transaction());
                }
                current = layout.after(current, change);
            }
            assertSame(transactions.toArray(Transaction[]::new));
        });
    }

    /** Tests rules and sets that the golden files do not contain. */
    @Test
    void rarePartsAreTheSame() {
        for (IpFamily family : IpFamily.values()) {
            assertSame(RareParts.transaction(family));
        }
    }

    @Test
    void aRemovalIsTheSame() {
        Plan plan = Plans.scenarios().get("affinity");
        NftRuleset rules = layout.render(plan);
        Transaction remove = layout.diff(rules, layout.render(Plans.scenarios().get("nothing")))
                .transaction();

        assertSame(transaction(plan), remove);
    }

    private Transaction transaction(Plan plan) {
        return layout.diff(NftRuleset.NONE, layout.render(plan)).transaction();
    }

    private static void assertSame(Transaction... transactions) {
        try (TestNamespace namespace = TestNamespace.open()) {
            for (Transaction transaction : transactions) {
                write(namespace, transaction);
            }
            List<String> written = Normal.of(KernelDump.of(namespace.name()));
            assertThat(written).hasSizeGreaterThan(20);
            for (String program : PROGRAMS) {
                String listed = run(namespace, Command.of(program, "list", "ruleset"));
                try (TestNamespace other = TestNamespace.open()) {
                    for (Transaction transaction : transactions) {
                        run(other, Command.of(program, "-f", "-").withInput(transaction.text()));
                    }

                    assertThat(Normal.of(KernelDump.of(other.name())))
                            .as("by %s", program)
                            .isEqualTo(written);
                    assertThat(listed)
                            .as("as %s lists it", program)
                            .isEqualTo(run(other, Command.of(program, "list", "ruleset")));
                }
            }
        }
    }

    private static void write(TestNamespace namespace, Transaction transaction) {
        Libc libc = Libc.load();
        try (NetlinkWriter writer = NetlinkWriter.open(libc, NetworkNamespace.of(libc, namespace.name()))) {
            assertThat(writer.apply(transaction)).isEqualTo(new Answer.Done());
        }
    }

    private static String run(TestNamespace namespace, Command command) {
        ProcessResult result = namespace.runner().run(command);
        assertThat(result.succeeded())
                .as(() -> command.text() + ": " + result.error())
                .isTrue();
        return result.output();
    }
}

package io.fairlead.nftables.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Origin;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.nft.NftChange;
import io.fairlead.nft.NftLayout;
import io.fairlead.nft.NftRuleset;
import io.fairlead.nft.fixture.Plans;
import io.fairlead.nft.kernel.Nftables.Answer;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.Operation;
import io.fairlead.nft.text.InMemoryNftables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DivisionTest {
    private static final int LIMIT = 6_000;

    private final NftLayout layout = new NftLayout();
    private final Batch batch = new Batch();

    @Test
    void thereAreNoMorePiecesThanTheLimitNeeds() {
        Transaction transaction = load(RandomCluster.of(1, ProxyMode.NFTABLES));

        assertThat(pieces(transaction, 1 << 30)).hasSize(4);
        assertThat(pieces(transaction, LIMIT)).hasSizeGreaterThan(4);
    }

    @Test
    void aNewTableIsStartedByTheLastPiece() {
        Seeds.each(10, seed -> {
            Transaction load = load(RandomCluster.of(seed, ProxyMode.NFTABLES));
            List<Transaction> pieces = pieces(load, limit(load));

            for (Transaction piece : pieces.subList(0, pieces.size() - 1)) {
                assertThat(operations(piece)).noneMatch(DivisionTest::isHook);
                assertThat(size(piece)).isLessThanOrEqualTo(limit(load));
            }
            assertThat(operations(pieces.getLast())).anyMatch(DivisionTest::isHook);
        });
    }

    @Test
    void aServiceWithSourceRangesIsNeverOpenToOthers() {
        NftChange change = layout.diff(
                layout.render(Plans.web(1)),
                layout.render(Objects.requireNonNull(Plans.scenarios().get("load-balancer-ranges"))));

        List<Transaction> pieces = pieces(change.transaction(), LIMIT);

        assertThat(operations(pieces.getFirst()))
                .filteredOn(DivisionTest::isHook)
                .hasSize(2);
        assertThat(pieces.subList(1, pieces.size()))
                .noneMatch(piece -> operations(piece).stream().anyMatch(DivisionTest::isHook));
        assertThat(operations(pieces.getLast())).anyMatch(Operation.AddElements.class::isInstance);
    }

    /** Executing the pieces in order has the same result as the whole transaction, and no piece is refused. */
    @Test
    void thePiecesComeToTheSame() {
        Seeds.each(10, seed -> {
            InMemoryNftables whole = new InMemoryNftables();
            InMemoryNftables divided = new InMemoryNftables();
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.NFTABLES);
            NftRuleset current = NftRuleset.NONE;
            for (int i = 0; i < 4; i++) {
                NftChange change = layout.diff(current, layout.render(cluster.plan()));
                current = layout.after(current, change);
                whole.apply(change.transaction());
                for (Transaction piece : pieces(change.transaction(), limit(change.transaction()))) {
                    assertThat(divided.apply(piece)).isEqualTo(new Answer.Done());
                }
                for (IpFamily family : IpFamily.values()) {
                    assertThat(divided.read(family)).isEqualTo(whole.read(family));
                }
                cluster = cluster.mutated(i);
            }
        });
    }

    /**
     * If some maps had a Service port's old elements and other maps its new elements, packets to the port could be
     * lost.
     */
    @Test
    void theElementsOfAPortAreInOnePiece() {
        Seeds.each(10, seed -> {
            NftChange change = layout.diff(
                    layout.render(RandomCluster.of(seed, ProxyMode.NFTABLES).plan()),
                    layout.render(RandomCluster.of(seed + 1_000_000, ProxyMode.NFTABLES)
                            .plan()));
            Map<Map.Entry<IpFamily, Origin>, Set<Transaction>> piecesOf =
                    adders(pieces(change.transaction(), limit(change.transaction())));
            // There is no piece with elements if the second cluster adds no elements to the first.
            assertThat(piecesOf.keySet())
                    .isEqualTo(adders(List.of(change.transaction())).keySet());
            assertThat(piecesOf.values())
                    .allSatisfy(pieces -> assertThat(pieces).hasSize(1));
        });
    }

    /** Returns, for each Service port, the pieces that add its elements. */
    private static Map<Map.Entry<IpFamily, Origin>, Set<Transaction>> adders(List<Transaction> pieces) {
        Map<Map.Entry<IpFamily, Origin>, Set<Transaction>> adders = new HashMap<>();
        for (Transaction piece : pieces) {
            for (Transaction.Part part : piece.parts()) {
                for (Operation operation : part.operations()) {
                    if (operation instanceof Operation.AddElements(var _, List<Element> elements)) {
                        elements.forEach(element -> adders.computeIfAbsent(
                                        Map.entry(part.family(), element.origin()), _ -> new HashSet<>())
                                .add(piece));
                    }
                }
            }
        }
        return adders;
    }

    private Transaction load(RandomCluster cluster) {
        return layout.diff(NftRuleset.NONE, layout.render(cluster.plan())).transaction();
    }

    private List<Transaction> pieces(Transaction transaction, int limit) {
        return Division.pieces(transaction, limit, this::size);
    }

    /**
     * Returns a limit that divides a transaction into at most a few pieces, even for a large random cluster. More
     * pieces would be slow, because the table in memory is copied for each piece.
     */
    private int limit(Transaction transaction) {
        return Math.max(LIMIT, size(transaction) / 8);
    }

    private int size(Transaction transaction) {
        return batch.write(transaction, 1).remaining();
    }

    private static List<Operation> operations(Transaction transaction) {
        List<Operation> operations = new ArrayList<>();
        transaction.parts().forEach(part -> operations.addAll(part.operations()));
        return operations;
    }

    private static boolean isHook(Operation operation) {
        return operation instanceof Operation.AddChain(var chain) && chain.hook() != null;
    }
}

package io.fairlead.nft;

import static io.fairlead.nft.fixture.Sync.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException.Kind;
import io.fairlead.core.rules.Backend;
import io.fairlead.nft.fixture.Plans;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.kernel.Place;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.kernel.Transaction;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementData;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.Expression;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Operation;
import io.fairlead.nft.rule.Rule;
import io.fairlead.nft.rule.SetName;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nft.rule.Statement;
import io.fairlead.nft.rule.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests how the kernel reacts to Fairlead's commands. The implementation in memory must react in the same way. */
public abstract class NftablesContract {
    private Nftables nftables;
    private Backend<NftRuleset, NftChange> backend;

    /** Returns an access to nftables without tables. */
    protected abstract Nftables open();

    @BeforeEach
    void start() {
        nftables = open();
        backend = new NftKernel(nftables).backend();
    }

    @Test
    void whatIsAppliedIsReadBack() {
        Seeds.each(12, seed -> {
            NftRuleset rules = rules(RandomCluster.of(seed, ProxyMode.NFTABLES));
            backend.kernel().apply(backend.layout().removal(backend.kernel().read()));
            backend.kernel().apply(backend.layout().diff(NftRuleset.NONE, rules));

            assertSame(backend.kernel().read(), rules);
            assertThat(backend.layout().diff(backend.kernel().read(), rules).text())
                    .isEmpty();
        });
    }

    @Test
    void oneClusterBecomesAnother() {
        Seeds.each(10, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.NFTABLES);
            sync(backend, rules(cluster));
            NftRuleset current = backend.kernel().read();
            for (int i = 0; i < 3; i++) {
                NftRuleset desired = rules(cluster.mutated(i));
                NftChange change = backend.layout().diff(current, desired);
                backend.kernel().apply(change);
                current = backend.layout().after(current, change);

                assertSame(backend.kernel().read(), current);
                assertThat(backend.layout().diff(current, desired).text()).isEmpty();
            }
        });
    }

    @Test
    void anyClusterBecomesAnyOther() {
        Seeds.each(10, seed -> {
            sync(backend, rules(RandomCluster.of(seed, ProxyMode.NFTABLES)));
            NftRuleset desired = rules(RandomCluster.of(seed + 1_000_000, ProxyMode.NFTABLES));
            sync(backend, desired);

            assertThat(backend.layout().diff(backend.kernel().read(), desired).text())
                    .isEmpty();
        });
    }

    private NftRuleset rules(RandomCluster cluster) {
        return backend.layout().render(cluster.plan());
    }

    /** Compares the texts first, because a difference between texts is easier to read. */
    private static void assertSame(NftRuleset actual, NftRuleset expected) {
        assertThat(actual.text()).isEqualTo(expected.text());
        assertThat(actual).isEqualTo(expected);
    }

    static Stream<Arguments> refused() {
        Chain services = chain("services");
        NamedSet clusterIps = set("cluster-ips", new SetType.Addresses());
        Element address = Element.of(new ElementKey.Address(Ip.parse("10.9.9.9")));
        Element taken = Element.of(
                new ElementKey.VipSlot(Ip.parse("10.96.0.10"), 80, 1),
                new ElementData.Target(new IpPort(Ip.parse("10.9.9.9"), 99)));
        Statement lookUp = new Statement.InSet(Expression.Field.DESTINATION_ADDRESS, false, new SetName("nothing"));
        return Stream.of(
                arguments(Kind.NOT_FOUND, new Operation.DeleteElements(clusterIps, List.of(address))),
                arguments(
                        Kind.NOT_FOUND,
                        new Operation.DeleteElements(
                                set("cluster-nothing", new SetType.Addresses()), List.of(address))),
                arguments(
                        Kind.EXISTS,
                        new Operation.AddElements(
                                set("tcp-endpoints", new SetType.VipEndpoints(Protocol.TCP)), List.of(taken))),
                arguments(Kind.EXISTS, new Operation.AddSet(set("cluster-ips", new SetType.Ranges()))),
                arguments(Kind.NOT_FOUND, new Operation.DeleteChain(chain("pick-77"))),
                arguments(Kind.NOT_FOUND, new Operation.FlushChain(chain("pick-77"))),
                arguments(
                        Kind.NOT_FOUND,
                        new Operation.AddRule(services, Rule.of(lookUp, new Statement.Decide(new Verdict.Drop())))));
    }

    @ParameterizedTest
    @MethodSource
    void refused(Kind kind, Operation operation) {
        Nftables.Answer.Refused refused = refusedAfterAFlush(operation);

        assertThat(refused.kind()).isEqualTo(kind);
        assertThat(refused.busy()).isFalse();
        assertThat(refused.places()).extracting(Place::operation).containsOnly(operation);
    }

    static Stream<Arguments> busy() {
        return Stream.of(
                arguments(new Operation.DeleteChain(chain("pick-2"))),
                arguments(new Operation.DeleteChain(chain("cluster-ips-check"))),
                arguments(new Operation.DeleteSet(set("firewall-ips", new SetType.VipVerdicts()))));
    }

    @ParameterizedTest
    @MethodSource
    void busy(Operation operation) {
        assertThat(refusedAfterAFlush(operation).busy()).isTrue();
    }

    /**
     * Applies an operation after another operation in the same transaction. Returns the refusal, after checking that
     * the first operation was reverted.
     */
    private Nftables.Answer.Refused refusedAfterAFlush(Operation operation) {
        sync(backend, backend.layout().render(Plans.web(2)));
        ReadTable before = nftables.read(IpFamily.IPV4).orElseThrow();

        Nftables.Answer answer =
                nftables.apply(Transaction.of(IpFamily.IPV4, new Operation.FlushChain(chain("services")), operation));

        assertThat(nftables.read(IpFamily.IPV4)).hasValue(before);
        assertThat(answer).isInstanceOf(Nftables.Answer.Refused.class);
        return (Nftables.Answer.Refused) answer;
    }

    private static Chain chain(String name) {
        return new Chain(new ChainName(name), null, Comment.NONE, List.of());
    }

    private static NamedSet set(String name, SetType type) {
        return new NamedSet(new SetName(name), type, Comment.NONE, List.of());
    }
}

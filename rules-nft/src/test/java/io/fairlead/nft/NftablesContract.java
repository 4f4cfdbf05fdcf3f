package io.fairlead.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.fixture.Seeds;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.nft.fixture.Plans;
import io.fairlead.nft.kernel.Nftables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The behaviour of the kernel on our commands, which the table in memory must share. */
abstract class NftablesContract {
    private Nftables nftables;
    private NftBackend backend;

    /** Returns an empty nftables. */
    abstract Nftables open();

    @BeforeEach
    void start() {
        nftables = open();
        backend = new NftBackend(nftables);
    }

    @Test
    void whatIsAppliedIsReadBack() {
        Seeds.each(12, seed -> {
            NftRuleset rules = rules(RandomCluster.of(seed, ProxyMode.NFTABLES));
            backend.apply(backend.removal(backend.read()));
            backend.apply(backend.diff(NftRuleset.NONE, rules));

            assertSame(backend.read(), rules);
            assertThat(backend.diff(backend.read(), rules).text()).isEmpty();
        });
    }

    @Test
    void oneClusterBecomesAnother() {
        Seeds.each(10, seed -> {
            RandomCluster cluster = RandomCluster.of(seed, ProxyMode.NFTABLES);
            backend.sync(rules(cluster));
            NftRuleset current = backend.read();
            for (int i = 0; i < 3; i++) {
                NftRuleset desired = rules(cluster.mutated(i));
                NftChange change = backend.diff(current, desired);
                backend.apply(change);
                current = backend.after(current, desired, change);

                assertSame(backend.read(), current);
                assertThat(backend.diff(current, desired).text()).isEmpty();
            }
        });
    }

    @Test
    void anyClusterBecomesAnyOther() {
        Seeds.each(10, seed -> {
            backend.sync(rules(RandomCluster.of(seed, ProxyMode.NFTABLES)));
            NftRuleset desired = rules(RandomCluster.of(seed + 1_000_000, ProxyMode.NFTABLES));
            backend.sync(desired);

            assertThat(backend.diff(backend.read(), desired).text()).isEmpty();
        });
    }

    private NftRuleset rules(RandomCluster cluster) {
        return backend.render(cluster.plan());
    }

    /** Compares texts first, because their difference is readable. */
    private static void assertSame(NftRuleset actual, NftRuleset expected) {
        assertThat(actual.text()).isEqualTo(expected.text());
        assertThat(actual).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            No such file or directory | delete element ip kube-proxy cluster-ips {
            No such file or directory | delete element ip kube-proxy cluster-nothing {
            File exists               | add element ip kube-proxy tcp-endpoints {
            """)
    void refusesElements(String reason, String command) {
        backend.sync(backend.render(Plans.web(2)));
        String before = nftables.list(IpFamily.IPV4).orElseThrow();
        String element =
                command.contains("tcp-endpoints") ? "10.96.0.10 . 80 . 1 : 10.9.9.9 . 99,\n}\n" : "10.9.9.9,\n}\n";

        Nftables.Answer answer = nftables.apply("flush chain ip kube-proxy services\n" + command + "\n" + element);

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Nftables.Answer.Refused.class,
                        refused -> assertThat(refused.message()).contains(reason));
        assertThat(nftables.list(IpFamily.IPV4)).hasValue(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Device or resource busy   | delete chain ip kube-proxy pick-2
            Device or resource busy   | delete chain ip kube-proxy services
            Device or resource busy   | delete map ip kube-proxy service-ips
            File exists               | add set ip kube-proxy cluster-ips { type ipv4_addr; flags interval; }
            No such file or directory | delete chain ip kube-proxy pick-77
            No such file or directory | add rule ip kube-proxy services ip daddr @nothing drop
            No such file or directory | flush chain ip kube-proxy pick-77
            """)
    void refusesObjects(String reason, String command) {
        backend.sync(backend.render(Plans.web(2)));
        String before = nftables.list(IpFamily.IPV4).orElseThrow();

        Nftables.Answer answer = nftables.apply(command + "\n");

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Nftables.Answer.Refused.class,
                        refused -> assertThat(refused.message()).contains(reason));
        assertThat(nftables.list(IpFamily.IPV4)).hasValue(before);
    }
}

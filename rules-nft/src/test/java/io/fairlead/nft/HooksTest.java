package io.fairlead.nft;

import static io.fairlead.nft.fixture.Sync.sync;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.rules.Backend;
import io.fairlead.nft.fixture.KubeProxyTables;
import io.fairlead.nft.fixture.Plans;
import io.fairlead.nft.layout.Hooks;
import io.fairlead.nft.layout.Need;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.InMemoryNftables;
import io.fairlead.nft.text.TableText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests which base chains exist, when they are added, and that they are kept. */
class HooksTest {
    private static final Pattern TABLES = Pattern.compile("(?m)^(?=table )");
    private static final List<String> FORWARDING = List.of("filter-forward", "filter-output");
    private static final List<String> TRANSLATING = List.of("nat-output", "nat-postrouting", "nat-prerouting");

    private final Backend<NftRuleset, NftChange> backend = new NftKernel(new InMemoryNftables()).backend();

    @Test
    void existOnlyForWhatNeedsThem() {
        assertThat(hooks("nothing", IpFamily.IPV4)).isEqualTo(FORWARDING);
        assertThat(hooks("cluster-ip", IpFamily.IPV4)).isEqualTo(with(FORWARDING, TRANSLATING));
        assertThat(hooks("cluster-ip", IpFamily.IPV6)).isEqualTo(with(FORWARDING, TRANSLATING));
        assertThat(hooks("external-ip", IpFamily.IPV6)).isEqualTo(FORWARDING);
        assertThat(hooks("affinity", IpFamily.IPV4))
                .isEqualTo(with(List.of("filter-forward", "filter-input", "filter-output"), TRANSLATING));
        assertThat(hooks("no-endpoints", IpFamily.IPV4))
                .containsExactly("filter-forward", "filter-input", "filter-output");
        assertThat(hooks("load-balancer-ranges", IpFamily.IPV4))
                .isEqualTo(with(
                        FORWARDING,
                        Stream.concat(
                                        Stream.of("filter-output-pre-dnat", "filter-prerouting-pre-dnat"),
                                        TRANSLATING.stream())
                                .toList()));
    }

    /**
     * Base chains are kept, because the kernel drops the packets in queues of other programs when it removes a hook.
     * Services lose endpoints often.
     */
    @Test
    void comeWithTheServiceThatNeedsThemAndStay() {
        sync(backend, backend.layout().render(Plans.web(1)));

        NftChange lost = sync(backend, backend.layout().render(Plans.web(0)));
        NftChange found = sync(backend, backend.layout().render(Plans.web(1)));
        NftChange lostAgain = sync(backend, backend.layout().render(Plans.web(0)));

        assertThat(lost.transaction().parts()).hasSize(1);
        assertThat(lost.text())
                .contains("add chain ip kube-proxy filter-input", "add element ip kube-proxy no-endpoint-services");
        assertThat(found.text()).doesNotContain(" chain ", " rule ");
        assertThat(lostAgain.text()).doesNotContain(" chain ", " rule ");
        assertThat(backend.layout()
                        .diff(backend.kernel().read(), backend.layout().render(Plans.web(1)))
                        .text())
                .isEqualTo(found.text());
    }

    @Test
    void stayForEstablishedConnectionsIfTheLastServiceGoes() {
        sync(backend, backend.layout().render(Plans.web(1)));

        sync(backend, backend.layout().render(Plans.of()));

        assertThat(hooks(backend.kernel().read(), IpFamily.IPV4)).isEqualTo(with(FORWARDING, TRANSLATING));
        assertThat(hooks(backend.kernel().read(), IpFamily.IPV6)).isEqualTo(FORWARDING);
    }

    @ParameterizedTest
    @MethodSource("others")
    void ofKubeProxyAndOfAnOlderReleaseAreReplaced(String others) {
        NftRuleset current = read(others);
        NftRuleset desired = backend.layout().render(Plans.web(1));

        NftRuleset after = backend.layout().after(current, backend.layout().diff(current, desired));

        assertThat(hooks(current, IpFamily.IPV4)).contains("filter-input");
        assertThat(hooks(after, IpFamily.IPV4)).isEqualTo(hooks(desired, IpFamily.IPV4));
        assertThat(backend.layout().diff(after, desired).isEmpty()).isTrue();
    }

    static List<String> others() {
        return List.of(KubeProxyTables.text("v1.37.2"), KubeProxyTables.text("v1.29.6"), older());
    }

    @Test
    void thatAnotherProgramChangedAreRepaired() {
        NftRuleset desired = backend.layout().render(Plans.web(0));
        for (Chain chain :
                Objects.requireNonNull(desired.table(IpFamily.IPV4)).chains().values()) {
            NftRuleset changed = without(desired, chain);

            NftRuleset after = backend.layout().after(changed, backend.layout().diff(changed, desired));

            assertThat(after).as("%s", chain.name()).isEqualTo(desired);
        }
    }

    @Test
    void showForWhatTheyExist() {
        Need[] all = Need.values();
        for (int bits = 0; bits < 1 << all.length; bits++) {
            Set<Need> needs = EnumSet.noneOf(Need.class);
            for (int i = 0; i < all.length; i++) {
                if ((bits & 1 << i) != 0) {
                    needs.add(all[i]);
                }
            }
            TreeMap<ChainName, Chain> chains = new TreeMap<>();
            Hooks.chains(needs).forEach(chain -> chains.put(chain.name(), chain));

            assertThat(Hooks.served(chains)).isEqualTo(needs);
        }
    }

    private static NftRuleset without(NftRuleset rules, Chain chain) {
        Table table = Objects.requireNonNull(rules.table(IpFamily.IPV4));
        TreeMap<ChainName, Chain> chains = new TreeMap<>(table.chains());
        chains.put(chain.name(), chain.declaration());
        TreeMap<IpFamily, Table> tables = new TreeMap<>(rules.tables());
        tables.put(IpFamily.IPV4, new Table(table.family(), table.comment(), table.sets(), chains, table.others()));
        return new NftRuleset(tables);
    }

    /** Returns the tables that an older release of Fairlead wrote for a cluster without Services. */
    private static String older() {
        try (InputStream stream = HooksTest.class.getResourceAsStream("/older-layout.nft")) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static NftRuleset read(String text) {
        TreeMap<IpFamily, Table> tables = new TreeMap<>();
        TABLES.splitAsStream(text)
                .filter(part -> !part.isBlank())
                .map(TableText::parse)
                .forEach(table -> tables.put(table.family(), table));
        return new NftRuleset(tables);
    }

    private List<String> hooks(String scenario, IpFamily family) {
        Plan plan = Objects.requireNonNull(Plans.scenarios().get(scenario));
        return hooks(backend.layout().render(plan), family);
    }

    private static List<String> hooks(NftRuleset rules, IpFamily family) {
        return Objects.requireNonNull(rules.table(family)).chains().values().stream()
                .filter(chain -> chain.hook() != null)
                .map(chain -> chain.name().text())
                .toList();
    }

    private static List<String> with(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }
}

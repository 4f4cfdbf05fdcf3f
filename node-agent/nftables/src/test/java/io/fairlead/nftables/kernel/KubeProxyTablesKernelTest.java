package io.fairlead.nftables.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.NftLayout;
import io.fairlead.nft.NftRuleset;
import io.fairlead.nft.fixture.KubeProxyTables;
import io.fairlead.nft.fixture.Plans;
import io.fairlead.nft.fixture.TestNamespace;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.FamilyText;
import io.fairlead.nft.text.TableText;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests with the tables of several versions of kube-proxy that netlink reads them as nft lists them, and that one
 * change turns them into Fairlead's tables.
 */
@Tag("kernel")
class KubeProxyTablesKernelTest {
    private final NftLayout layout = new NftLayout();

    static List<String> versions() {
        return KubeProxyTables.VERSIONS;
    }

    @ParameterizedTest
    @MethodSource("versions")
    void areReadAndTakenOver(String version) {
        try (TestNamespace namespace = TestNamespace.open();
                NetlinkNftables nftables = NetlinkNftables.open(namespace.name())) {
            namespace.load(KubeProxyTables.text(version));
            NftKernel kernel = new NftKernel(nftables);

            NftRuleset theirs = kernel.read();
            for (IpFamily family : IpFamily.values()) {
                Table listed = TableText.parse(
                        namespace.output("nft", "-sy", "list", "table", FamilyText.of(family), Table.NAME));
                assertThat(TableText.write(Objects.requireNonNull(theirs.table(family))))
                        .isEqualTo(TableText.write(listed));
            }

            for (String plan : List.of("affinity", "load-balancer-ranges", "nothing")) {
                NftRuleset ours =
                        layout.render(Objects.requireNonNull(Plans.scenarios().get(plan)));
                kernel.apply(layout.diff(kernel.read(), ours));
                assertThat(layout.diff(kernel.read(), ours).isEmpty()).as(plan).isTrue();
            }
            assertThat(namespace.output("nft", "list", "ruleset")).doesNotContain("/tcp/");
        }
    }
}

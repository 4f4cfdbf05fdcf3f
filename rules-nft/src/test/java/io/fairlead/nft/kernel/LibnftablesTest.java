package io.fairlead.nft.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.fixture.TestNamespace;
import io.fairlead.nft.kernel.Nftables.Answer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
class LibnftablesTest {

    @Test
    void worksInANamespaceAndLeavesTheThreadWhereItWas() {
        try (TestNamespace namespace = TestNamespace.open();
                Libnftables nft = Libnftables.openIn(namespace.name());
                Libnftables here = Libnftables.open()) {
            assertThat(nft.apply("add table ip kube-proxy { comment \"in " + namespace.name() + "\"; }"))
                    .isEqualTo(new Answer.Done());

            assertThat(nft.list(IpFamily.IPV4))
                    .hasValueSatisfying(text -> assertThat(text).contains(namespace.name()));
            assertThat(namespace.output("nft", "list", "tables")).isEqualTo("table ip kube-proxy\n");
            assertThat(here.list(IpFamily.IPV4).orElse("")).doesNotContain(namespace.name());
        }
    }

    @Test
    void saysWhatAndWhereWasRefused() {
        try (TestNamespace namespace = TestNamespace.open();
                Libnftables nft = Libnftables.openIn(namespace.name())) {
            assertThat(nft.apply("add table ip kube-proxy\nadd rule ip kube-proxy no drop\n"))
                    .isInstanceOfSatisfying(
                            Answer.Refused.class,
                            refused -> assertThat(refused.message())
                                    .contains(":2:", "Error: ", "No such file or directory"));
            assertThat(nft.list(IpFamily.IPV4)).isEmpty();
        }
    }

    @Test
    void refusesANamespaceThatIsNotThere() {
        try (TestNamespace namespace = TestNamespace.open()) {
            assertThatThrownBy(() -> Libnftables.openIn(namespace.name() + "-not"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(namespace.name() + "-not");
            assertThatThrownBy(() -> Libnftables.openIn("../netns")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void isOfNoUseOnceClosed() {
        try (TestNamespace namespace = TestNamespace.open()) {
            Libnftables nft = Libnftables.openIn(namespace.name());
            nft.close();
            nft.close();

            assertThatThrownBy(() -> nft.apply("list tables")).isInstanceOf(IllegalStateException.class);
        }
    }
}

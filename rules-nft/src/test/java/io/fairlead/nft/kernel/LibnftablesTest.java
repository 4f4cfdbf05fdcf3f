package io.fairlead.nft.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.fixture.TestNamespace;
import io.fairlead.nft.kernel.Nftables.Answer;
import io.fairlead.nft.rule.Chain;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Comment;
import io.fairlead.nft.rule.Operation;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
class LibnftablesTest {
    private static final Chain NO_CHAIN = new Chain(new ChainName("no"), null, Comment.NONE, List.of());

    @Test
    void worksInANamespaceAndLeavesTheThreadWhereItWas() {
        try (TestNamespace namespace = TestNamespace.open();
                Libnftables nft = Libnftables.openIn(namespace.name());
                Libnftables here = Libnftables.open()) {
            assertThat(nft.apply(Transaction.of(
                            IpFamily.IPV4, new Operation.AddTable(new Comment("in " + namespace.name())))))
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
            assertThat(nft.apply(Transaction.of(
                            IpFamily.IPV4, new Operation.AddTable(Comment.NONE), new Operation.FlushChain(NO_CHAIN))))
                    .isInstanceOfSatisfying(Answer.Refused.class, refused -> {
                        assertThat(refused.message()).contains("No such file or directory");
                        assertThat(refused.places())
                                .extracting(Place::operation)
                                .containsExactly(new Operation.FlushChain(NO_CHAIN));
                    });
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

            assertThatThrownBy(() -> nft.apply(new Transaction(List.of()))).isInstanceOf(IllegalStateException.class);
        }
    }
}

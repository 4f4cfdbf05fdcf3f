package io.fairlead.iptables.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CommentTest {

    @Test
    void cannotEndTheQuotationItStandsIn() {
        assertThatThrownBy(() -> new Comment("a\" -j ACCEPT")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Comment("a\n-F")).isInstanceOf(IllegalArgumentException.class);
        assertThat(Comment.nearest("a\"\n\\'b").text()).isEqualTo("a____b");
    }

    @Test
    void isNoLongerThanTheKernelKeeps() {
        assertThat(Comment.nearest("x".repeat(300)).text()).hasSize(255);
        assertThatThrownBy(() -> new Comment("x".repeat(256))).isInstanceOf(IllegalArgumentException.class);
    }
}

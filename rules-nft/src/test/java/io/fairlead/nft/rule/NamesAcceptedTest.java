package io.fairlead.nft.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that no text in the input of nft can end a word, a line or a quotation too early. */
class NamesAcceptedTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "-a", "a b", "a;b", "a{", "a\n", "a\"", "@a", "ä"})
    void refusesNamesThatNftWouldReadOtherwise(String text) {
        assertThatThrownBy(() -> new ChainName(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SetName(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\"b", "a\\", "a\nb", "ä"})
    void refusesCommentsThatEndEarly(String text) {
        assertThatThrownBy(() -> new Comment(text)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Comment.nearest(text).text()).contains("?");
    }

    @Test
    void cutsLongComments() {
        assertThatThrownBy(() -> new Comment("a".repeat(128))).isInstanceOf(IllegalArgumentException.class);
        assertThat(Comment.nearest("a".repeat(300)).text()).isEqualTo("a".repeat(127));
    }
}

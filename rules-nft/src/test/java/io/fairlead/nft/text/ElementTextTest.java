package io.fairlead.nft.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.SetType;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElementTextTest {

    private static List<Element> parse(String text, int end) {
        return ElementText.parse(new SetType.Addresses(), text, 0, end);
    }

    @Test
    void aQuoteWithoutAnEndIsNotOurs() {
        String text = "10.96.0.10 comment \"web\"";
        assertThat(parse(text, text.length())).hasSize(1);
        for (String bad : List.of("10.96.0.10 comment \"web", "10.96.0.10 comment \"")) {
            assertThatThrownBy(() -> parse(bad, bad.length())).isInstanceOf(NotOursException.class);
        }
        assertThatThrownBy(() -> parse(text, text.length() - 1))
                .as("the quote ends after the list")
                .isInstanceOf(NotOursException.class);
    }
}

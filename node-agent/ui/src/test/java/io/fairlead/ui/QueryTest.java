package io.fairlead.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class QueryTest {

    @Test
    void readsEncodedFieldsAndTheFirstOfRepeatedOnes() {
        Query query = Query.of("q=a%2Fb+c&part=3&q=second&empty=&alone");

        assertThat(query.get("q")).isEqualTo("a/b c");
        assertThat(query.get("empty")).isEmpty();
        assertThat(query.get("alone")).isEmpty();
        assertThat(query.number("part")).isEqualTo(3);
    }

    @Test
    void ignoresWhatIsNotEncodedOrNoNumber() {
        assertThat(Query.of("q=%zz&r=1").get("q")).isEmpty();
        assertThat(Query.of("q=%zz&r=1").get("r")).isEqualTo("1");
        assertThat(Query.of("part=-1").number("part")).isEqualTo(1);
        assertThat(Query.of("part=99999999999").number("part")).isEqualTo(1);
    }

    @Test
    void linksAreReadAsTheyWereWritten() {
        String link = Query.link("/ui/service", "namespace", "a&b=c", "name", "ü \"<");

        Query query = Query.of(link.substring(link.indexOf('?') + 1));

        assertThat(query.get("namespace")).isEqualTo("a&b=c");
        assertThat(query.get("name")).isEqualTo("ü \"<");
        assertThat(link).doesNotContain("<", "\"", " ");
    }
}

package io.fairlead.iptables.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CounterNameTest {
    @Test
    void ofOursFitIntoTheKernelsNames() {
        assertThat(CounterName.OURS)
                .extracting(CounterName::text)
                .allSatisfy(name -> assertThat(name.length()).isLessThan(32))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", "two words", "a\"b", "a_name_that_has_thirty_two_chars"})
    void isAWordThatTheKernelStoresWhole(String text) {
        assertThatThrownBy(() -> new CounterName(text)).isInstanceOf(IllegalArgumentException.class);
    }
}

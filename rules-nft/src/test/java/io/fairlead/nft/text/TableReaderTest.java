package io.fairlead.nft.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.trace.UnknownRuleException;
import io.fairlead.nft.rule.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableReaderTest {
    private static final String SERVED = """
                chain services {
                        counter packets 0 bytes 0 drop
                }
            """;

    private static Table read(String objects) {
        return TableText.parse("table ip kube-proxy {\n" + objects + "}\n");
    }

    /** Another program can write every name by netlink, and nft lists it as it is. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "chain 1st {\n\t\taccept\n\t}\n",
                "chain {\n\t\taccept\n\t}\n",
                "set two words {\n\t\ttype ipv4_addr\n\t\telements = { 10.0.0.1 }\n\t}\n",
                "map - {\n\t\ttype ipv4_addr : verdict\n\t}\n",
                "counter 1 {\n\t\tpackets 0 bytes 0\n\t}\n",
                "{\n\t\tpackets 0 bytes 0\n\t}\n"
            })
    void leavesOutAnObjectWithANameThatNftDoesNotAccept(String object) {
        Table read = read("\t" + object + SERVED);

        assertThat(read.chains()).isEqualTo(read(SERVED).chains()).hasSize(1);
        assertThat(read.others()).isEmpty();
    }

    @Test
    void refusesTwoObjectsWithOneName() {
        assertThatThrownBy(() -> read(SERVED + SERVED))
                .isInstanceOf(UnknownRuleException.class)
                .hasMessageContaining("duplicate name: services");
    }

    @Test
    void keepsAnObjectOfAnotherKind() {
        assertThat(read("\tcounter some {\n\t}\n").others()).hasSize(1);
    }
}

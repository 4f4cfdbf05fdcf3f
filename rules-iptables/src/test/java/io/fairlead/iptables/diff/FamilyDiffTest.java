package io.fairlead.iptables.diff;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.rule.Table;
import io.fairlead.iptables.text.SaveReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class FamilyDiffTest {
    private static final String A_REFUSED = "-A KUBE-SERVICES -d 10.96.0.1 -m tcp -p tcp --dport 80 -j REJECT\n";
    private static final String B_REFUSED = "-A KUBE-SERVICES -d 10.96.0.2 -m tcp -p tcp --dport 80 -j REJECT\n";
    private static final String A_SERVED = """
            -A KUBE-SERVICES -d 10.96.0.1 -m tcp -p tcp -j KUBE-SVC-A
            -A KUBE-SVC-A -m tcp -p tcp -j DNAT --to-destination 10.244.1.1:80
            """;
    private static final String B_SERVED = """
            -A KUBE-SERVICES -d 10.96.0.2 -m tcp -p tcp -j KUBE-SVC-B
            -A KUBE-SVC-B -m tcp -p tcp -j DNAT --to-destination 10.244.1.2:80
            """;

    @Test
    void refusesBeforeItStopsTranslating() {
        assertThat(tables(rules("", A_SERVED), rules(A_REFUSED, ""))).containsExactly(Table.FILTER, Table.NAT);
    }

    @Test
    void translatesBeforeItStopsRefusing() {
        assertThat(tables(rules(A_REFUSED, ""), rules("", A_SERVED))).containsExactly(Table.NAT, Table.FILTER);
    }

    @Test
    void refusesBothInBetweenIfOneComesAndOneGoes() {
        FamilyRules before = rules(A_REFUSED, B_SERVED);
        FamilyRules after = rules(B_REFUSED, A_SERVED);
        List<TableChange> changes = FamilyDiff.between(before, after);
        assertThat(changes).extracting(TableChange::table).containsExactly(Table.FILTER, Table.NAT, Table.FILTER);
        assertThat(changes.getFirst().text()).contains("10.96.0.1 ").contains("10.96.0.2 ");
        assertThat(changes.getLast().after()).isEqualTo(after.table(Table.FILTER));
    }

    @Test
    void deletesVanishedChainsInTheSameInputAfterFlushingThem() {
        List<TableChange> changes = FamilyDiff.between(rules("", A_SERVED + B_SERVED), rules("", A_SERVED));
        assertThat(changes).singleElement().extracting(TableChange::text).isEqualTo("""
                *nat
                :KUBE-SVC-B - [0:0]
                :KUBE-SERVICES - [0:0]
                -A KUBE-SERVICES -m tcp -p tcp -d 10.96.0.1 -j KUBE-SVC-A
                -X KUBE-SVC-B
                COMMIT
                """);
    }

    @Test
    void mentionsOnlyChainsThatDiffer() {
        FamilyRules after = rules("", A_SERVED.replace("10.244.1.1:80", "10.244.1.9:80"));
        assertThat(FamilyDiff.between(rules("", A_SERVED), after))
                .singleElement()
                .extracting(TableChange::text)
                .isEqualTo("""
                        *nat
                        :KUBE-SVC-A - [0:0]
                        -A KUBE-SVC-A -m tcp -p tcp -j DNAT --to-destination 10.244.1.9:80
                        COMMIT
                        """);
    }

    private static List<Table> tables(FamilyRules before, FamilyRules after) {
        return FamilyDiff.between(before, after).stream()
                .map(TableChange::table)
                .toList();
    }

    private static FamilyRules rules(String filter, String nat) {
        return SaveReader.read(
                IpFamily.IPV4,
                "*filter\n:KUBE-SERVICES - [0:0]\n" + filter + "COMMIT\n*nat\n:KUBE-SERVICES - [0:0]\n" + nat
                        + "COMMIT\n");
    }
}

package io.fairlead.iptables.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.rules.ApplyFailedException.Kind;
import io.fairlead.linux.process.ProcessResult;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the interpretation of output that was observed with iptables-restore 1.8.9. */
class RefusalTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "1 | iptables-restore: line 7 failed | REJECTED | 7",
                "4 | line 6: RULE_APPEND failed (Invalid argument): rule in chain KUBE-SEP-A | REJECTED | 6",
                "1 | iptables-nft-restore: line 2 failed: Bad rule (does a matching rule exist in that chain?)."
                        + " | NOT_FOUND | 2",
                "2 | \"iptables-restore v1.8.9 (legacy): Couldn't load match `foo':No such file or directory\n\n"
                        + "Error occurred at line: 3\nTry `iptables-restore -h' for more information.\""
                        + " | MISSING_KERNEL_FEATURE | 3",
                "2 | \"Chain 'KUBE-NOWHERE' does not exist\nError occurred at line: 4\" | NOT_FOUND | 4",
                "4 | Another app is currently holding the xtables lock; waited 5s | LOCKED | 0",
                "4 | Fatal: can't open lock file /run/xtables.lock: Permission denied | NOT_PERMITTED | 0",
                "3 | ip6tables-restore: unable to initialize table 'filter' | MISSING_KERNEL_FEATURE | 0",
                "-1 | '' | TIMED_OUT | 0"
            })
    void meanAReasonAndPerhapsALine(int exit, String words, Kind kind, int line) {
        Refusal understood = Refusal.of(new ProcessResult(exit, "", words));
        assertThat(understood.kind()).isEqualTo(kind);
        assertThat(understood.line().orElse(0)).isEqualTo(line);
        assertThat(understood.summary()).isNotBlank().doesNotContain("\n").doesNotContain("Try `");
    }
}

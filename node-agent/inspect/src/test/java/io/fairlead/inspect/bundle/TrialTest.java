package io.fairlead.inspect.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProgramMissingException;
import org.junit.jupiter.api.Test;

final class TrialTest {

    @Test
    void namesTheReasonOfEachFeatureThatIsRefused() {
        String results = new Trial(command -> {
                    if (command.words().getFirst().equals("iptables-restore")) {
                        throw new ProgramMissingException("iptables-restore", new IllegalStateException());
                    }
                    return command.inputText().contains("numgen")
                            ? new ProcessResult(1, "", "\n/dev/stdin:1:1-2: Error: no such thing\n")
                            : new ProcessResult(0, "", "");
                })
                .results();

        assertThat(results)
                .contains("nft: nat = works\n")
                .contains("nft: random choice = /dev/stdin:1:1-2: Error: no such thing\n")
                .contains("iptables: nat = not tried: ");
    }

    @Test
    void aKernelThatRefusesNamespacesIsNoFailure() {
        String results = new Trial(_ -> {
                    throw new IllegalStateException("cannot create a network namespace");
                })
                .results();

        assertThat(results.lines())
                .isNotEmpty()
                .allMatch(line -> line.endsWith(" = not tried: cannot create a network namespace"));
    }
}

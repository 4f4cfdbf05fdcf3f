package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.nft.kernel.NftProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the removal of rules with a fake nft, which prints the error messages of nft 1.0.6 (CLN-5). */
final class RuleRemovalTest {
    private final List<String> commands = new ArrayList<>();

    private RuleRemoval.Outcome remove(ProcessRunner runner) {
        return RuleRemoval.run(
                new NftDialect(DialectContext.of(runner, ""), _ -> new NftProgram(runner)).backend(), _ -> {}, false);
    }

    private ProcessResult noSuchTable(Command command) {
        commands.add(command.text());
        return new ProcessResult(1, "", "Error: No such file or directory\nlist table ip kube-proxy\n");
    }

    private ProcessResult oneTable(Command command) {
        commands.add(command.text() + command.inputText());
        if (command.text().contains("list table ip kube-proxy")) {
            return new ProcessResult(0, "table ip kube-proxy {\n\tchain services {\n\t}\n}\n", "");
        }
        return command.text().contains("list")
                ? new ProcessResult(1, "", "Error: No such file or directory\n")
                : new ProcessResult(0, "", "");
    }

    @Test
    void aMissingTableIsNoFailure() {
        assertThat(remove(this::noSuchTable)).isEqualTo(new RuleRemoval.Outcome.Nothing(""));
        assertThat(commands).allMatch(command -> command.contains("list"));
    }

    @Test
    void aMissingProgramIsNoFailure() {
        assertThat(remove(_ -> {
                    throw new ProgramMissingException("nft", new IOException("no such file"));
                }))
                .isInstanceOfSatisfying(
                        RuleRemoval.Outcome.Nothing.class,
                        nothing -> assertThat(nothing.reason()).contains("nft"));
    }

    @Test
    void removesTheTableOfEachFamily() {
        assertThat(remove(this::oneTable)).isInstanceOf(RuleRemoval.Outcome.Found.class);
        assertThat(commands).anyMatch(command -> command.contains("delete table ip kube-proxy"));
        assertThat(commands).noneMatch(command -> command.contains("delete table ip6"));
    }

    @Test
    void removesRulesOfTheOtherVariantOfIptables(@TempDir Path folder) {
        Session session = new Session(folder);
        session.realBackends = true;
        session.kernel = command -> new ProcessResult(0, saved(command.words().getFirst()), "");

        assertThat(session.run("cleanup", "--dry-run", "--proxy-mode", "iptables"))
                .isZero();
        assertThat(session.out)
                .contains("iptables: nothing to remove")
                .contains("iptables-legacy: 2 lines would be removed");
    }

    @Test
    void reportsWhatAnotherProgramRefersTo(@TempDir Path folder) {
        Session session = new Session(folder);
        session.realBackends = true;
        session.kernel = command -> new ProcessResult(
                0,
                command.words().getFirst().equals("iptables-save")
                        ? "*nat\n:KUBE-SERVICES - [0:0]\n-A OTHER -j KUBE-SERVICES\nCOMMIT\n"
                        : saved(command.words().getFirst()),
                "");

        assertThat(session.run("cleanup", "--proxy-mode", "iptables")).isEqualTo(ExitCode.KERNEL);
        assertThat(session.err)
                .contains(
                        "iptables: cannot remove: cannot delete chain KUBE-SERVICES in IPv4 table nat: a rule in chain"
                                + " OTHER leads to it; the chain stays without rules");
    }

    private static String saved(String program) {
        return switch (program) {
            case "iptables" -> "iptables v1.8.9 (nf_tables)\n";
            case "iptables-legacy" -> "iptables v1.8.9 (legacy)\n";
            case "iptables-legacy-save" -> "*nat\n:KUBE-SERVICES - [0:0]\n-A KUBE-SERVICES -j RETURN\nCOMMIT\n";
            default -> "*nat\nCOMMIT\n";
        };
    }
}

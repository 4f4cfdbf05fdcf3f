package io.fairlead.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Plan;
import io.fairlead.e2e.fixtures.Await;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.NodeProcess;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ExecProcessRunner;
import io.fairlead.linux.process.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests faults in the environment of an agent. The agent is a separate process that reads objects from a file. */
@NeedsRoot
@Tag("slow")
@Timeout(300)
final class FaultTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    /**
     * The agent writes nothing but its log to the disk. JNR tries to unpack its library there, but the agent does not
     * depend on that.
     */
    @ParameterizedTest
    @EnumSource
    void worksWhileTheDiskIsFull(Way way) throws IOException {
        Path full = Files.createDirectory(folder.resolve("full"));
        run("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", full.toString());
        try (FileAgent agents = new FileAgent(way, folder)) {
            assertThatThrownBy(() -> Files.write(full.resolve("filling"), new byte[8192]))
                    .isInstanceOf(IOException.class);
            agents.show(2);
            List<String> environment = new ArrayList<>(way.environment());
            environment.add("JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=" + full);
            NodeProcess agent = agents.start(environment);
            Plan plan = agents.plan(2);
            Await.until(() -> agents.kernel().inStep(plan), PATIENCE, agent::log);
            assertThat(agent.stop()).isZero();
        } finally {
            run("umount", full.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NFTABLES, nft, --nft program",
        "IPTABLES_NFT, iptables-restore, --v 0",
        "IPTABLES_NFT, iptables-save, --v 0",
    })
    void saysWhichProgramIsMissing(Way way, String missing, String options) throws IOException {
        try (FileAgent agents = new FileAgent(way, folder)) {
            agents.show(2);
            NodeProcess agent = agents.start(List.of("PATH=" + programsWithout(missing)), options.split(" ", -1));
            String expected = "cannot run " + missing;
            Await.until(() -> agent.count(expected) > 0 || !agent.isAlive(), PATIENCE, agent::log);

            assertThat(agent.count(expected)).as(agent.log()).isPositive();
        }
    }

    @Test
    void nftablesModeNeedsNoNft() throws IOException {
        try (FileAgent agents = new FileAgent(Way.NFTABLES, folder)) {
            agents.show(2);
            NodeProcess agent = agents.start(List.of("PATH=" + programsWithout("nft")));
            Plan plan = agents.plan(2);
            Await.until(() -> agents.kernel().inStep(plan), PATIENCE, agent::log);

            assertThat(agent.stop()).isZero();
            assertThat(agent.count("cannot run nft")).as(agent.log()).isZero();
        }
    }

    @Test
    void withoutProgramsForIpv6ThereAreRulesForIpv4AndANotice() throws IOException {
        try (FileAgent agents = new FileAgent(Way.IPTABLES_NFT, folder)) {
            agents.show(2);
            NodeProcess agent = agents.start(
                    List.of("PATH=" + programsWithout("ip6tables", "ip6tables-save", "ip6tables-restore")));
            Await.until(() -> agent.count("no IPv6 rules: cannot run ip6tables") > 0, PATIENCE, agent::log);

            assertThat(agents.met(IpFamily.IPV4)).isIn(agents.intended(IpFamily.IPV4, 2));
            assertThat(agent.stop()).isZero();
        }
    }

    private Path programsWithout(String... missing) throws IOException {
        Path programs = Files.createDirectory(folder.resolve("programs"));
        List<String> all = Stream.of("iptables", "ip6tables")
                .flatMap(name -> Stream.of("", "-save", "-restore").map(name::concat))
                .toList();
        for (String program : Stream.concat(Stream.of("nft"), all.stream()).toList()) {
            if (!List.of(missing).contains(program)) {
                Files.createSymbolicLink(programs.resolve(program), Path.of("/usr/sbin", program));
            }
        }
        return programs;
    }

    private static void run(String... words) {
        ProcessResult result = new ExecProcessRunner().run(Command.of(words));
        assertThat(result.succeeded()).as("%s", result).isTrue();
    }
}

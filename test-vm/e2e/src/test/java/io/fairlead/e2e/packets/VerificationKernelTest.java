package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.flow.Verdict;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.verify.Verification;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.e2e.fixtures.Yaml;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that the verification accepts the rules in a kernel, and that it reports an error after one rule is removed.
 */
@NeedsRoot
final class VerificationKernelTest {

    static Stream<ProxyMode> modes() {
        return Kernel.modes().stream();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void findsTheServiceWhoseRuleIsGone(ProxyMode mode) throws IOException {
        try (World world = new World(mode)) {
            Plan plan = world.plan(Yaml.resource("kinds.yaml"));
            world.kernel().bring(plan);
            assertThat(verify(world, plan).findings()).isEmpty();

            takeAway(world, mode);

            Verification verification = verify(world, plan);
            assertThat(verification.affected())
                    .singleElement()
                    .satisfies(port -> assertThat(port.toString()).startsWith("default/external-ip:"));
            assertThat(verification.findings()).allSatisfy(finding -> {
                assertThat(finding.expected().verdict()).isEqualTo(Verdict.DNAT);
                assertThat(finding.actual()).isNotNull();
            });
        }
    }

    private static Verification verify(World world, Plan plan) {
        return Verification.of(plan, world.host(), world.kernel().readBack(world.host()), _ -> true, () -> {});
    }

    /** Removes a rule or element for IPv4 and TCP. */
    private static void takeAway(World world, ProxyMode mode) {
        switch (mode) {
            case NFTABLES ->
                run(
                        world,
                        Command.of("nft", "-f", "-")
                                .withInput("delete element ip kube-proxy service-ips { 198.51.100.30 . tcp . 80 }\n"));
            case IPTABLES -> {
                String rule = run(world, Command.of("iptables-save", "-t", "nat"))
                        .lines()
                        .filter(line -> line.startsWith("-A KUBE-SERVICES -d 198.51.100.30/32 -p tcp "))
                        .findFirst()
                        .orElseThrow();
                run(
                        world,
                        Command.of("iptables-restore", "--noflush")
                                .withInput("*nat\n-D" + rule.substring(2) + "\nCOMMIT\n"));
            }
        }
    }

    private static String run(World world, Command command) {
        ProcessResult result = world.nodeRunner().run(command);
        assertThat(result.succeeded()).as("%s", result).isTrue();
        return result.output();
    }
}

package io.fairlead.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.ManyEndpoints;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that a refused change does not change the rules of its family. The test computes a change, then modifies the
 * kernel's rules so that the kernel must refuse the change, and then applies the change. In iptables mode the change
 * affects two tables: it adds chains to nat and deletes a reject rule from filter.
 */
@NeedsRoot
final class FailedChangeTest {
    private static final Pattern ENDPOINT_CHAIN = Pattern.compile("KUBE-SEP-[A-Z2-7]{16}");

    static Stream<ProxyMode> modes() {
        return Kernel.modes().stream();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void leavesTheKernelAsItWas(ProxyMode mode) throws IOException {
        try (World world = new World(mode)) {
            Runnable change = refusedChange(mode, world);
            String before = rulesOfTheRefusedFamilies(mode, world.nodeRunner());
            assertThatThrownBy(change::run).isInstanceOf(ApplyFailedException.class);
            assertThat(rulesOfTheRefusedFamilies(mode, world.nodeRunner())).isEqualTo(before);
        }
    }

    private static Runnable refusedChange(ProxyMode mode, World world) throws IOException {
        Kernel<?, ?> kernel = world.kernel();
        ProcessRunner node = world.nodeRunner();
        kernel.bring(world.plan(ManyEndpoints.state(3)));
        return switch (mode) {
            case IPTABLES -> {
                String chain = endpointChain(node);
                kernel.bring(world.plan(ManyEndpoints.state(0)));
                Runnable change = kernel.prepared(world.plan(ManyEndpoints.state(3)));
                // The chain of an endpoint jumps to KUBE-MARK-MASQ, so this jump in the opposite direction creates a
                // loop. The kernel refuses loops of chains.
                output(node.run(Command.of("iptables", "-t", "nat", "-N", chain)));
                output(node.run(Command.of("iptables", "-t", "nat", "-A", "KUBE-MARK-MASQ", "-j", chain)));
                yield change;
            }
            case NFTABLES -> {
                Runnable change = kernel.prepared(world.plan(ManyEndpoints.state(0)));
                // The change contains the deletion of this element, which fails if the element does not exist.
                output(node.run(
                        Command.of("nft", "delete element ip kube-proxy service-ips { 10.96.0.10 . udp . 80 }")));
                yield change;
            }
        };
    }

    private static String endpointChain(ProcessRunner node) {
        Matcher chain = ENDPOINT_CHAIN.matcher(output(node.run(Command.of("iptables-save", "-t", "nat"))));
        assertThat(chain.find()).isTrue();
        return chain.group();
    }

    /**
     * Returns the rules of the families whose change is refused. In nftables mode one transaction contains both
     * families. In iptables mode only the change of IPv4 is refused, and the change of IPv6 is applied.
     */
    private static String rulesOfTheRefusedFamilies(ProxyMode mode, ProcessRunner node) {
        Stream<Command> commands = switch (mode) {
            case IPTABLES -> Stream.of(Command.of("iptables-save"));
            case NFTABLES ->
                Stream.of(
                        Command.of("iptables-save"),
                        Command.of("ip6tables-save"),
                        Command.of("nft", "-s", "list", "ruleset"));
        };
        return commands.map(command -> output(node.run(command)))
                .flatMap(String::lines)
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replaceAll("\\[\\d+:\\d+]", ""))
                .collect(Collectors.joining("\n"));
    }

    private static String output(ProcessResult result) {
        assertThat(result.succeeded()).as("%s", result).isTrue();
        return result.output();
    }
}

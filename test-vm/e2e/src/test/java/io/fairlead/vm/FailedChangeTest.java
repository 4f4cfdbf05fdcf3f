package io.fairlead.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
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
 * A change that the kernel refuses leaves everything as it was. It is computed first; then somebody else interferes so that it
 * cannot go through; then it is tried. In iptables it touches both tables: nat loses the Service's chains, filter gains its refusal.
 */
@NeedsRoot
final class FailedChangeTest {
    private static final Pattern SERVICE_CHAIN = Pattern.compile("KUBE-SVC-[A-Z2-7]{16}");

    static Stream<ProxyMode> modes() {
        return Kernel.modes().stream();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void leavesTheKernelAsItWas(ProxyMode mode) throws IOException {
        try (World world = new World(mode)) {
            Kernel<?, ?> kernel = world.kernel();
            kernel.bring(world.plan(ManyEndpoints.state(3)));
            Plan next = world.plan(ManyEndpoints.state(0));
            Runnable change = kernel.prepared(next);
            interfere(mode, world.nodeRunner());
            String before = everything(world.nodeRunner());
            assertThatThrownBy(change::run).isInstanceOf(ApplyFailedException.class);
            assertThat(everything(world.nodeRunner())).isEqualTo(before);
        }
    }

    private static void interfere(ProxyMode mode, ProcessRunner node) {
        switch (mode) {
            case IPTABLES -> {
                // A chain that somebody else jumps to cannot be deleted.
                Matcher chain = SERVICE_CHAIN.matcher(output(node.run(Command.of("iptables-save", "-t", "nat"))));
                assertThat(chain.find()).isTrue();
                output(node.run(Command.of("iptables", "-t", "nat", "-N", "OTHERS")));
                output(node.run(Command.of("iptables", "-t", "nat", "-A", "OTHERS", "-j", chain.group())));
            }
            case NFTABLES ->
                // An element that is gone cannot be deleted.
                output(node.run(
                        Command.of("nft", "delete element ip kube-proxy service-ips { 10.96.0.10 . udp . 80 }")));
        }
    }

    private static String everything(ProcessRunner node) {
        return Stream.of(
                        Command.of("iptables-save"),
                        Command.of("ip6tables-save"),
                        Command.of("nft", "-s", "list", "ruleset"))
                .map(command -> output(node.run(command)))
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

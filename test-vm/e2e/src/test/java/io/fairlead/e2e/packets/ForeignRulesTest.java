package io.fairlead.e2e.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.e2e.fixtures.Kernel;
import io.fairlead.e2e.fixtures.ManyEndpoints;
import io.fairlead.e2e.fixtures.NeedsRoot;
import io.fairlead.e2e.fixtures.World;
import io.fairlead.e2e.fixtures.Yaml;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that Fairlead does not change rules of other programs, neither in their own chains nor in built-in chains that
 * all programs share.
 */
@NeedsRoot
final class ForeignRulesTest {
    private static final String IPTABLES_RULES = """
            *filter
            :OTHERS - [0:0]
            -A FORWARD -m comment --comment "before ours" -j OTHERS
            -A OTHERS -p tcp --dport 9 -j DROP
            COMMIT
            *nat
            :OTHERS-NAT - [0:0]
            -A PREROUTING -p tcp --dport 9 -j OTHERS-NAT
            -A POSTROUTING -p udp --dport 9 -j RETURN
            -A OTHERS-NAT -j RETURN
            COMMIT
            """;

    private static final String NFT_RULES = """
            table inet others {
              set ports { type inet_service; elements = { 9, 19 } }
              chain forward {
                type filter hook forward priority 10
                tcp dport @ports drop
              }
            }
            table ip kube-proxy-of-others {
              chain unused { ip daddr 192.0.2.9 accept; }
            }
            """;

    static Stream<ProxyMode> modes() {
        return Kernel.modes().stream();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void surviveApplyAndCleanup(ProxyMode mode) throws IOException {
        try (World world = new World(mode)) {
            ProcessRunner node = world.nodeRunner();
            output(node.run(Command.of("iptables-restore", "--noflush").withInput(IPTABLES_RULES)));
            output(node.run(Command.of("ip6tables-restore", "--noflush").withInput(IPTABLES_RULES)));
            output(node.run(Command.of("nft", "-f", "-").withInput(NFT_RULES)));
            String before = foreign(node);
            assertThat(before).contains("OTHERS-NAT", "tcp dport @ports drop", "kube-proxy-of-others");
            Kernel<?, ?> kernel = world.kernel();
            kernel.bring(world.plan(Yaml.resource("kinds.yaml")));
            assertThat(foreign(node)).isEqualTo(before);
            kernel.bring(world.plan(ManyEndpoints.state(3)));
            assertThat(foreign(node)).isEqualTo(before);
            kernel.remove();
            assertThat(foreign(node)).isEqualTo(before);
            assertThat(ours(node)).isEmpty();
        }
    }

    /**
     * Returns the nftables tables of other programs, and every line of iptables-save that contains no chain of
     * Fairlead.
     */
    private static String foreign(ProcessRunner node) {
        String iptables = Stream.of("iptables-save", "ip6tables-save")
                .flatMap(program -> output(node.run(Command.of(program))).lines())
                .filter(line -> !line.startsWith("#") && !line.contains("KUBE-"))
                .map(line -> line.replaceAll("\\[\\d+:\\d+]", ""))
                .filter(line -> !line.startsWith("*mangle") && !line.startsWith("COMMIT"))
                .filter(line -> !line.matches(":(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) ACCEPT.*"))
                .collect(Collectors.joining("\n"));
        return iptables
                + output(node.run(Command.of("nft", "-s", "list", "table", "inet", "others")))
                + output(node.run(Command.of("nft", "-s", "list", "table", "ip", "kube-proxy-of-others")));
    }

    /**
     * Returns every line that contains a chain or table of Fairlead. KUBE-FIREWALL is left out, because it also belongs
     * to the kubelet and is not deleted (CLN-4).
     */
    private static List<String> ours(ProcessRunner node) {
        return output(node.run(Command.of("nft", "list", "ruleset")))
                .lines()
                .filter(line -> (line.contains("KUBE-") && !line.contains("KUBE-FIREWALL"))
                        || line.matches("table ip6? kube-proxy \\{"))
                .toList();
    }

    private static String output(ProcessResult result) {
        assertThat(result.succeeded()).as("%s", result).isTrue();
        return result.output();
    }
}

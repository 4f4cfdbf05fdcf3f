package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.plan.ProxyMode;
import io.fairlead.iptables.kernel.PacketCounters;
import io.fairlead.iptables.kernel.RawTables;
import io.fairlead.linux.process.Capabilities;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.nft.kernel.NftProgram;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeRightsTest {
    private static final Capabilities NET_ADMIN = new Capabilities(1L << 12);
    private static final Capabilities NET_RAW = new Capabilities(1L << 13);
    private static final ProcessRunner LEGACY = _ -> new ProcessResult(0, "iptables v1.8.9 (legacy)\n", "");
    private static final ProcessRunner NFT = _ -> new ProcessResult(0, "iptables v1.8.9 (nf_tables)\n", "");

    private static Dialect<?, ?> dialect(ProxyMode mode, ProcessRunner runner) {
        return new ProductDialects(
                        _ -> RawTables.NONE, _ -> PacketCounters.NONE, byNft -> new NftProgram(byNft.processes()))
                .open(mode, DialectContext.of(runner, ""));
    }

    @Test
    void requiresNetAdminInBothModes() {
        for (ProxyMode mode : ProxyMode.values()) {
            assertThatThrownBy(() -> NodeRights.check(NET_RAW, dialect(mode, NFT)))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining("NET_ADMIN");
        }
    }

    @Test
    void requiresNetRawOnlyForTheLegacyVariant() {
        assertThatThrownBy(() -> NodeRights.check(NET_ADMIN, dialect(ProxyMode.IPTABLES, LEGACY)))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("NET_RAW")
                .hasMessageContaining("iptables-legacy");
        assertThatCode(() -> NodeRights.check(NET_ADMIN, dialect(ProxyMode.IPTABLES, NFT)))
                .doesNotThrowAnyException();
        assertThatCode(() -> NodeRights.check(NET_ADMIN, dialect(ProxyMode.NFTABLES, LEGACY)))
                .doesNotThrowAnyException();
    }

    @Test
    void endsTheAgentWithOneErrorAndAdvice(@TempDir Path folder) {
        Session session = new Session(folder);
        session.capabilities = new Capabilities(0);

        assertThat(session.run("agent", "--source", folder.toString(), "--proxy-mode", "nftables"))
                .isEqualTo(ExitCode.KERNEL);
        assertThat(session.err)
                .startsWith("error: this process does not have the capability NET_ADMIN")
                .contains("securityContext.capabilities.add: [NET_ADMIN, NET_RAW]");
    }
}

package io.fairlead.iptables;

import static io.fairlead.core.fixture.Notices.remarks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.core.fixture.RandomCluster;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.core.rules.Backend;
import io.fairlead.iptables.IptablesOptions.Variant;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.kernel.RecentLists;
import io.fairlead.iptables.rule.BuiltInChain;
import io.fairlead.iptables.rule.Table;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("kernel")
class NftKernelTest extends IptablesContract {
    /**
     * Lists of unknown size, because the file does not exist. The size of the real lists depends on how xt_recent was
     * loaded on this machine.
     */
    private static final RecentLists NO_LISTS = new RecentLists(Path.of("/nonexistent"));

    private Namespace namespace;
    private Backend<IptablesRuleset, IptablesChange> backend;

    @Override
    ProcessRunner kernel() {
        return Namespace.with("iptables-nft-restore");
    }

    @Override
    IptablesOptions options() {
        return IptablesOptions.defaults().with(Variant.NFT);
    }

    @BeforeEach
    void openAnother() {
        namespace = Namespace.with("iptables-nft-restore");
        backend = new IptablesKernel(namespace, options(), NO_LISTS).backend();
    }

    @AfterEach
    void closeIt() {
        namespace.close();
    }

    @Test
    void saysWhichVariantItIs() {
        assertThat(new IptablesVariants(namespace, options()).inUse()).isEqualTo(Variant.NFT);
    }

    /**
     * The rows are rules that VPNs and network plug-ins write into the tables of iptables with nft. iptables-nft-save
     * 1.8.9 cannot show them.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nat    | other       | meta mark and 0x00ff0000 == 0x00040000 counter masquerade",
                "nat    | POSTROUTING | oifname wg0 masquerade",
                "nat    | PREROUTING  | meta mark set meta mark and 0xff00ffff or 0x00040000",
                "filter | other       | meta mark set meta mark and 0xff00ffff or 0x00040000",
                "filter | FORWARD     | iifname vpn0 meta mark set meta mark and 0xff00ffff or 0x00040000",
                "filter | FORWARD     | ct state established accept",
                "mangle | FORWARD     | tcp flags syn tcp option maxseg size set rt mtu",
            })
    void servesBesideRulesThatIptablesCannotShow(String table, String chain, String rule) {
        IptablesRuleset first =
                backend.layout().render(RandomCluster.of(3, ProxyMode.IPTABLES).plan());
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), first));
        if (chain.equals("other")) {
            nft("add chain ip " + table + " other");
        } else {
            run("iptables-nft", "-t", table, "-N", "TEMPORARY");
            run("iptables-nft", "-t", table, "-A", chain, "-j", "TEMPORARY");
        }
        nft("insert rule ip " + table + " " + chain + " " + rule);
        String foreign = foreign(table, chain);

        for (int round = 0; round < 3; round++) {
            IptablesRuleset next = backend.layout()
                    .render(RandomCluster.of(4 + round, ProxyMode.IPTABLES).plan());
            backend.kernel().apply(backend.layout().diff(backend.kernel().read(), next));
            assertThat(foreign(table, chain)).isEqualTo(foreign);
        }
        assertThat(remarks(backend))
                .singleElement()
                .satisfies(sentence -> assertThat(sentence)
                        .startsWith("IPv4 table " + table + ": iptables-nft cannot show ")
                        .contains("nftables mode is not affected"));

        nft("flush chain ip " + table + " " + chain);
        IptablesRuleset last =
                backend.layout().render(RandomCluster.of(6, ProxyMode.IPTABLES).plan());
        backend.kernel().apply(backend.layout().diff(backend.kernel().read(), last));
        assertThat(backend.kernel().read().text()).isEqualTo(last.text());
        assertThat(remarks(backend)).isEmpty();
    }

    /**
     * A jump is written only once, also if rules are written several times, because the existence of each jump is
     * checked separately.
     */
    @Test
    void jumpsAreThereOnceAlthoughTheirChainCannotBeListed() {
        nft("add table ip nat");
        run("iptables-nft", "-t", "nat", "-A", "POSTROUTING", "-j", "RETURN");
        nft("insert rule ip nat POSTROUTING oifname wg0 masquerade");
        for (int round = 1; round <= 3; round++) {
            backend.kernel()
                    .apply(backend.layout()
                            .diff(
                                    backend.kernel().read(),
                                    backend.layout()
                                            .render(RandomCluster.of(round, ProxyMode.IPTABLES)
                                                    .plan())));
        }
        assertThat(nft("list chain ip nat POSTROUTING").split("KUBE-POSTROUTING", -1))
                .hasSize(2);
        assertThat(backend.kernel()
                        .read()
                        .families()
                        .get(IpFamily.IPV4)
                        .table(Table.NAT)
                        .jumps(BuiltInChain.POSTROUTING))
                .hasSize(1);
    }

    /**
     * Another program created a built-in chain with a priority that iptables does not accept. iptables cannot write
     * that table, and reports it. All other tables are written.
     */
    @Test
    void aChainOfTheKernelsThatAnotherProgramMadeOtherwiseStopsItsTableAlone() {
        nft("add table ip nat");
        nft("add chain ip nat PREROUTING { type nat hook prerouting priority -99; }");
        IptablesRuleset desired =
                backend.layout().render(RandomCluster.of(2, ProxyMode.IPTABLES).plan());

        assertThatThrownBy(() -> backend.kernel()
                        .apply(backend.layout().diff(backend.kernel().read(), desired)))
                .isInstanceOfSatisfying(
                        ApplyFailedException.class, e -> assertThat(e.atFault()).isEmpty())
                .hasMessageContaining("refused table nat")
                .hasMessageContaining("nft list chain ip nat PREROUTING")
                .hasMessageContaining("nftables mode");

        IptablesRuleset read = backend.kernel().read();
        assertThat(read.families().get(IpFamily.IPV6))
                .isEqualTo(desired.families().get(IpFamily.IPV6));
        assertThat(backend.layout().diff(read, desired).transactions())
                .extracting(TableChange::table)
                .containsExactly(Table.NAT);
    }

    private String foreign(String table, String chain) {
        return nft("list chain ip " + table + " " + chain)
                .lines()
                .filter(line -> !line.contains("KUBE-"))
                .reduce("", (text, line) -> text + line.replaceAll("packets \\d+ bytes \\d+", "") + '\n');
    }

    private String nft(String command) {
        return run(("nft " + command).split(" ", -1));
    }

    private String run(String... words) {
        ProcessResult result = namespace.run(Command.of(words));
        assertThat(result.succeeded()).as(result.error()).isTrue();
        return result.output();
    }
}

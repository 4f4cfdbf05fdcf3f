package io.fairlead.cli;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.linux.netlink.NetlinkException;
import io.fairlead.nft.NftChange;
import io.fairlead.nft.NftCheck;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.NftLayout;
import io.fairlead.nft.NftRuleset;
import io.fairlead.nft.kernel.NftProgram;
import io.fairlead.nft.kernel.Nftables;
import io.fairlead.nft.kernel.RulesetWatch;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.TableText;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The access to nftables rules. */
final class NftDialect implements Dialect<NftRuleset, NftChange> {
    private final DialectContext context;
    private final Function<DialectContext, Nftables> netlink;
    private @Nullable NftKernel opened;

    /**
     * Creates the access.
     *
     * @param netlink opens the access by netlink, which is used unless the program nft is requested
     */
    NftDialect(DialectContext context, Function<DialectContext, Nftables> netlink) {
        this.context = context;
        this.netlink = netlink;
    }

    @Override
    public RuleLayout<NftRuleset, NftChange> layout() {
        return new NftLayout();
    }

    /** Opens the access to the kernel at the first call only, because the agent's page reads the kernel often. */
    @Override
    public Backend<NftRuleset, NftChange> backend() {
        if (opened == null) {
            opened = kernel(context.nft());
        }
        return opened.backend();
    }

    @Override
    public NftRuleset in(Dump dump) {
        SortedMap<IpFamily, Table> tables = new TreeMap<>();
        for (IpFamily family : IpFamily.values()) {
            dump.proxyTable(family).ifPresent(text -> tables.put(family, TableText.parse(text)));
        }
        return new NftRuleset(tables);
    }

    @Override
    public RuleTable.Tool tool() {
        return RuleTable.Tool.NFT;
    }

    private NftKernel kernel(NftAccess nft) {
        return switch (nft) {
            case netlink -> byNetlink();
            case program -> new NftKernel(new NftProgram(context.processes()));
        };
    }

    private NftKernel byNetlink() {
        try {
            return new NftKernel(netlink.apply(context));
        } catch (IllegalStateException e) {
            throw new CommandException(
                    ExitCode.KERNEL,
                    String.valueOf(e.getMessage()),
                    List.of("is there a namespace " + context.namespace() + "? See: ip netns list"));
        } catch (NetlinkException e) {
            throw new CommandException(
                    ExitCode.KERNEL, "cannot write nftables rules by netlink: " + e.getMessage(), List.of());
        }
    }

    @Override
    public Function<IpFamily, Backend<NftRuleset, NftChange>> watched(NftAccess nft) {
        Backend<NftRuleset, NftChange> backend = kernel(nft)
                .watchedBy(RulesetWatch.open(context.namespace()).orElse(null))
                .backend();
        return _ -> backend;
    }

    @Override
    public void requireVersions(NftAccess nft) {
        boolean anyKernel = !context.variable("KUBE_PROXY_NFTABLES_SKIP_KERNEL_VERSION_CHECK")
                .isEmpty();
        NftCheck.requireKernel(anyKernel ? "" : System.getProperty("os.version", ""));
        switch (nft) {
            case netlink -> {}
            case program -> new NftCheck(context.processes()).requireNft();
        }
    }
}

package io.fairlead.cli;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.nft.NftChange;
import io.fairlead.nft.NftCheck;
import io.fairlead.nft.NftKernel;
import io.fairlead.nft.NftLayout;
import io.fairlead.nft.NftRuleset;
import io.fairlead.nft.kernel.Libnftables;
import io.fairlead.nft.kernel.NftProgram;
import io.fairlead.nft.kernel.RulesetWatch;
import io.fairlead.nft.rule.Table;
import io.fairlead.nft.text.TableText;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** The nftables dialect. */
final class NftDialect implements Dialect<NftRuleset, NftChange> {
    private final DialectContext context;

    NftDialect(DialectContext context) {
        this.context = context;
    }

    @Override
    public RuleLayout<NftRuleset, NftChange> layout() {
        return new NftLayout();
    }

    @Override
    public Backend<NftRuleset, NftChange> backend() {
        return byProgram().backend();
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

    private NftKernel byProgram() {
        return new NftKernel(new NftProgram(context.processes()));
    }

    private NftKernel byLibrary() {
        return new NftKernel(
                context.namespace().isEmpty() ? Libnftables.open() : Libnftables.openIn(context.namespace()));
    }

    @Override
    public Function<IpFamily, Backend<NftRuleset, NftChange>> watched(NftAccess nft, Consumer<String> remarks) {
        NftKernel kernel = switch (nft) {
            case library -> byLibrary();
            case program -> byProgram();
            case auto -> byTheFastestWay(remarks);
        };
        Backend<NftRuleset, NftChange> backend = kernel.watchedBy(
                        RulesetWatch.open(context.namespace()).orElse(null))
                .backend();
        return _ -> backend;
    }

    /** Returns access by the library if that is safe, else by the program. */
    private NftKernel byTheFastestWay(Consumer<String> remarks) {
        String why = new NftCheck(context.processes()).whyNotInProcess();
        if (why.isEmpty()) {
            try {
                return byLibrary();
            } catch (ProgramMissingException e) {
                why = String.valueOf(e.getMessage());
            }
        }
        remarks.accept("rules are written by the program nft, not in process: " + why);
        return byProgram();
    }

    @Override
    public void requireVersions() {
        boolean anyKernel = !context.variable("KUBE_PROXY_NFTABLES_SKIP_KERNEL_VERSION_CHECK")
                .isEmpty();
        new NftCheck(context.processes()).requireVersions(anyKernel ? "" : System.getProperty("os.version", ""));
    }
}

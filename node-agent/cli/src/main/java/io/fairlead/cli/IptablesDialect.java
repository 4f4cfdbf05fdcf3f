package io.fairlead.cli;

import io.fairlead.agent.serve.CountedPackets;
import io.fairlead.agent.xtables.IptablesWatch;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.core.rules.RuleWatch;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.iptables.IptablesChange;
import io.fairlead.iptables.IptablesKernel;
import io.fairlead.iptables.IptablesLayout;
import io.fairlead.iptables.IptablesOptions;
import io.fairlead.iptables.IptablesOptions.Variant;
import io.fairlead.iptables.IptablesRuleset;
import io.fairlead.iptables.IptablesVariants;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.kernel.PacketCounters;
import io.fairlead.iptables.kernel.RawTables;
import io.fairlead.iptables.rule.CounterName;
import io.fairlead.iptables.rule.FamilyRules;
import io.fairlead.iptables.text.SaveReader;
import io.fairlead.linux.process.Capabilities.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The access to iptables rules, in the variant (nft or legacy) that the node uses. */
final class IptablesDialect implements Dialect<IptablesRuleset, IptablesChange> {
    private final DialectContext context;
    private final Function<String, RawTables> rawTables;
    private final PacketCounters counters;
    private @Nullable Variant variant;

    IptablesDialect(DialectContext context, Function<String, RawTables> rawTables, PacketCounters counters) {
        this.context = context;
        this.rawTables = rawTables;
        this.counters = counters;
    }

    @Override
    public RuleLayout<IptablesRuleset, IptablesChange> layout() {
        return new IptablesLayout(options(Variant.SYSTEM));
    }

    @Override
    public RuleLayout<IptablesRuleset, IptablesChange> layout(Dump dump) {
        IptablesLayout layout = new IptablesLayout(options(Variant.SYSTEM));
        boolean counted = dump.saves().stream().anyMatch(save -> save.text().contains("--nfacct-name "));
        return counted ? layout.counted() : layout;
    }

    @Override
    public Backend<IptablesRuleset, IptablesChange> backend() {
        return kernel(options(variant())).backend();
    }

    @Override
    public Backend<IptablesRuleset, IptablesChange> installed() {
        return new IptablesKernel(context.processes(), options(Variant.SYSTEM)).backend();
    }

    @Override
    public Function<IpFamily, Backend<IptablesRuleset, IptablesChange>> watched(NftAccess nft) {
        IptablesOptions options = options(variant());
        RuleWatch<? super TableChange> watch =
                IptablesWatch.open(inUse(options), context.namespace()).orElse(null);
        return primary -> kernel(options.withPrimary(primary)).watchedBy(watch).backend();
    }

    @Override
    public IptablesRuleset in(Dump dump) {
        SortedMap<IpFamily, FamilyRules> families = new TreeMap<>();
        for (IpFamily family : IpFamily.values()) {
            dump.save(family).ifPresent(text -> families.put(family, SaveReader.read(family, text)));
        }
        return new IptablesRuleset(families);
    }

    @Override
    public RuleTable.Tool tool() {
        return RuleTable.Tool.IPTABLES;
    }

    private IptablesOptions options(Variant ofTools) {
        return IptablesOptions.defaults()
                .with(context.frontends())
                .with(context.endpoints())
                .with(ofTools);
    }

    /**
     * Returns the access to the kernel. If the variant is nft, objects that the output of iptables does not show are
     * read from nf_tables.
     */
    private IptablesKernel kernel(IptablesOptions options) {
        IptablesKernel kernel = new IptablesKernel(context.processes(), options).counting(counters);
        return inUse(options) == Variant.NFT ? kernel.seeing(rawTables.apply(context.namespace())) : kernel;
    }

    private Variant inUse(IptablesOptions options) {
        return new IptablesVariants(context.processes(), options).inUse();
    }

    /**
     * Returns the variant that the environment variable FAIRLEAD_IPTABLES names; if it is not set, the variant that the
     * node uses.
     *
     * @throws CommandException if FAIRLEAD_IPTABLES is neither nft nor legacy
     */
    private Variant variant() {
        if (variant == null) {
            String given = context.variable("FAIRLEAD_IPTABLES");
            variant = switch (given) {
                case "" -> new IptablesVariants(context.processes(), options(Variant.SYSTEM)).ofNode();
                case "nft" -> Variant.NFT;
                case "legacy" -> Variant.LEGACY;
                default ->
                    throw new CommandException(
                            ExitCode.USAGE, "FAIRLEAD_IPTABLES must be nft or legacy, not \"" + given + "\"");
            };
        }
        return variant;
    }

    @Override
    public boolean hasRulesOf(IpFamily family) {
        Variant known = variant == null ? Variant.SYSTEM : variant;
        return new IptablesKernel(context.processes(), options(known)).worksIn(family);
    }

    /** Returns the packet counters; an empty list if the kernel does not have nfacct (CT-16, NP-21). */
    @Override
    public List<CountedPackets> counted() {
        return counters.exist()
                ? List.of(
                        new CountedPackets(
                                "iptables_ct_state_invalid_dropped_packets_total",
                                "Packets that rules dropped because they are INVALID for conntrack.",
                                () -> counters.packets(CounterName.INVALID_DROPPED)),
                        new CountedPackets(
                                "iptables_localhost_nodeports_accepted_packets_total",
                                "First packets of connections to node ports on localhost.",
                                () -> counters.packets(CounterName.LOCALHOST_NODE_PORTS)))
                : List.of();
    }

    @Override
    public Map<Capability, String> needs() {
        return inUse(options(variant())) == Variant.LEGACY
                ? Map.of(Capability.NET_RAW, "for iptables-legacy, which this node uses")
                : Map.of();
    }

    @Override
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (variant() != Variant.SYSTEM) {
            remarks.add(
                    "using " + variant().program(IpFamily.IPV4) + ", because this node uses this variant of iptables");
        }
        if (inUse(options(variant())) == Variant.NFT) {
            remarks.add(
                    "this node uses the nft variant of iptables, which needs several times as long as the legacy variant"
                            + " to write and to read thousands of Services; --proxy-mode nftables is the better choice for a"
                            + " large cluster");
        }
        return remarks;
    }

    @Override
    public List<Place> places() {
        List<Place> places = new ArrayList<>();
        places.add(new Place(
                ProxyMode.IPTABLES.text(), kernel(options(Variant.SYSTEM)).backend()));
        places.addAll(beside(options(Variant.SYSTEM)));
        return places;
    }

    @Override
    public List<Place> otherPlaces() {
        return beside(options(variant()));
    }

    /** Returns the place of the variant that is not in use, if a proxy has chains there. */
    private List<Place> beside(IptablesOptions used) {
        return new IptablesVariants(context.processes(), used)
                .alsoWritten().stream()
                        .map(other -> new Place(
                                other.program(IpFamily.IPV4),
                                kernel(options(other)).backend()))
                        .toList();
    }
}

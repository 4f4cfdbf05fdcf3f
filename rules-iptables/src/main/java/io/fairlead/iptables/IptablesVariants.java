package io.fairlead.iptables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.IptablesOptions.Variant;
import io.fairlead.iptables.kernel.Tools;
import io.fairlead.iptables.kernel.VariantTraces;
import io.fairlead.iptables.kernel.VariantTraces.Extent;
import io.fairlead.iptables.kernel.XtablesLock;
import io.fairlead.linux.process.ProcessRunner;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the variant of iptables that a node uses (SYNC-19). The kernel can hold rules of both variants at the same
 * time, and a packet passes through the rules of both. Therefore all programs on a node must use the same variant.
 */
public final class IptablesVariants {
    private final ProcessRunner runner;
    private final IptablesOptions options;

    /** Creates a finder for the node on which {@code runner} runs programs. */
    public IptablesVariants(ProcessRunner runner, IptablesOptions options) {
        this.runner = runner;
        this.options = options;
    }

    /**
     * Returns the variant of the programs that the options select.
     *
     * @return NFT if the programs report it; LEGACY if they report it, or if they report no variant (before 1.8 this
     *     was the only variant); SYSTEM if they do not answer
     */
    public Variant inUse() {
        return inUse(IptablesKernel.tools(runner, options, XtablesLock.ofThisProcess()), options);
    }

    static Variant inUse(Tools tools, IptablesOptions options) {
        String version = tools.version(options.primary());
        if (version.isEmpty()) {
            return Variant.SYSTEM;
        }
        return version.contains("nf_tables") ? Variant.NFT : Variant.LEGACY;
    }

    /**
     * Returns the variant that the node uses. It can differ from the variant of the program {@code iptables}. It is the
     * variant with the kubelet's chain, otherwise the variant with more rules. Returns SYSTEM if the variant is
     * unknown, or if the program {@code iptables} already uses it.
     */
    public Variant ofNode() {
        Variant installed = inUse();
        Variant ofNode = ofNode(installed);
        return ofNode == installed ? Variant.SYSTEM : ofNode;
    }

    /**
     * Returns the variant that has the kubelet's chain, otherwise the variant with more rules. The iptables wrappers in
     * the images of Kubernetes select the variant in the same way. If both variants have the same number of rules,
     * returns the variant of the program {@code iptables}. If the rules of a variant cannot be counted, the comments in
     * the code give the choice and the reason.
     *
     * @param installed the variant of the program {@code iptables}; SYSTEM, which is then returned, if it is unknown
     */
    Variant ofNode(Variant installed) {
        if (installed == Variant.SYSTEM) {
            return installed;
        }
        VariantTraces nftInMangle = VariantTraces.inMangle(runner, programs(Variant.NFT));
        if (nftInMangle.kubelet()) {
            return Variant.NFT;
        }
        VariantTraces legacy = VariantTraces.everywhere(runner, programs(Variant.LEGACY));
        return switch (legacy.extent()) {
            case NOT_INSTALLED -> installed;
            // The legacy program fails only if the kernel has legacy tables. If Fairlead wrote rules in the other
            // variant, packets would pass both sets of rules. Therefore the agent uses the legacy variant, and reports
            // why it cannot read the tables.
            case UNREADABLE -> Variant.LEGACY;
            case ALL, PART -> ofNode(installed, legacy, nftInMangle);
        };
    }

    private Variant ofNode(Variant installed, VariantTraces legacy, VariantTraces nftInMangle) {
        if (legacy.kubelet()) {
            return Variant.LEGACY;
        }
        if (installed == Variant.NFT && legacy.rules() == 0 && nftInMangle.extent() != Extent.UNREADABLE) {
            return installed;
        }
        VariantTraces nft = VariantTraces.everywhere(runner, programs(Variant.NFT));
        return switch (nft.extent()) {
            case NOT_INSTALLED, UNREADABLE -> Variant.LEGACY;
            // The number of rules is unknown. Some program uses nf_tables on this node, and there is no kubelet chain
            // among the legacy rules.
            case PART -> Variant.NFT;
            case ALL ->
                nft.rules() == legacy.rules() ? installed : nft.rules() < legacy.rules() ? Variant.LEGACY : Variant.NFT;
        };
    }

    /**
     * Returns the variant that is not in use, if it contains chains of a proxy. The rules in those chains still
     * translate packets, but no program updates them. Returns empty if it contains no such chains, or if the variant in
     * use is unknown.
     */
    public Optional<Variant> alsoWritten() {
        return alsoWritten(inUse());
    }

    Optional<Variant> alsoWritten(Variant used) {
        return switch (used) {
            case NFT ->
                VariantTraces.everywhere(runner, programs(Variant.LEGACY)).proxy()
                        ? Optional.of(Variant.LEGACY)
                        : Optional.empty();
            case LEGACY ->
                VariantTraces.inMangle(runner, programs(Variant.NFT)).proxy()
                        ? Optional.of(Variant.NFT)
                        : Optional.empty();
            case SYSTEM -> Optional.empty();
        };
    }

    private static List<String> programs(Variant variant) {
        return Stream.of(IpFamily.values()).map(variant::program).toList();
    }
}

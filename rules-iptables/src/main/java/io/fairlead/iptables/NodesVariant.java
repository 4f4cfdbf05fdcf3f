package io.fairlead.iptables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.IptablesOptions.Variant;
import io.fairlead.iptables.kernel.VariantTraces;
import io.fairlead.linux.process.ProcessRunner;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the variant of iptables that a node uses (SYNC-19). The kernel can hold the rules of both variants, and a
 * packet passes through both, one independently of the other. So all programs on a node must use the same variant.
 */
final class NodesVariant {
    private final ProcessRunner runner;
    private final Variant installed;

    /**
     * A finder for one node.
     *
     * @param runner runs the programs of that node
     * @param installed the variant of {@code iptables}; SYSTEM if it is not known
     */
    NodesVariant(ProcessRunner runner, Variant installed) {
        this.runner = runner;
        this.installed = installed;
    }

    /**
     * Returns the variant that has the kubelet's chain, else the variant with more rules. The iptables wrappers in the
     * images of Kubernetes choose in the same way. If neither variant has rules, returns the variant of
     * {@code iptables}.
     */
    Variant find() {
        if (installed == Variant.SYSTEM) {
            return installed;
        }
        if (VariantTraces.inMangle(runner, programs(Variant.NFT)).kubelet()) {
            return Variant.NFT;
        }
        VariantTraces legacy = VariantTraces.everywhere(runner, programs(Variant.LEGACY));
        if (legacy.kubelet()) {
            return Variant.LEGACY;
        }
        if (installed == Variant.NFT && legacy.rules() == 0) {
            return installed;
        }
        long nft = VariantTraces.everywhere(runner, programs(Variant.NFT)).rules();
        return nft == legacy.rules() ? installed : nft < legacy.rules() ? Variant.LEGACY : Variant.NFT;
    }

    /**
     * Returns the other variant if a proxy has chains there. Those rules still translate packets, but no program
     * updates them.
     *
     * @param used NFT or LEGACY
     */
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

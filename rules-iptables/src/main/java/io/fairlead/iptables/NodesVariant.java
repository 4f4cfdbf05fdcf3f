package io.fairlead.iptables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.IptablesOptions.Variant;
import io.fairlead.iptables.kernel.VariantTraces;
import io.fairlead.linux.process.ProcessRunner;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which variant of iptables a node uses (SYNC-19): the kernel has rules of both, and a packet meets both, each without
 * regard for the other. So everybody on a node has to use the same one.
 */
final class NodesVariant {
    private final ProcessRunner runner;
    private final Variant installed;

    /**
     * For the node whose programs these are.
     *
     * @param installed what {@code iptables} is, SYSTEM if that is not known
     */
    NodesVariant(ProcessRunner runner, Variant installed) {
        this.runner = runner;
        this.installed = installed;
    }

    /**
     * The variant with the kubelet's chain, else the one with more rules, as the wrappers of Kubernetes' images choose
     * it; what {@code iptables} is if there is nothing in either.
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
     * The other variant than this one, if a proxy has chains there too: then packets are translated by rules that
     * nobody keeps up.
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

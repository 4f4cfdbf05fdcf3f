package io.fairlead.nft;

import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.nft.kernel.NftProgram;
import io.fairlead.nft.kernel.NftVersion;
import java.util.List;
import java.util.Optional;

/**
 * Checks whether a machine supports Fairlead's tables. A program that writes the tables uses this class once, when it
 * starts.
 */
public final class NftCheck {
    private final NftProgram nft;

    /** Creates a check for the program nft that {@code runner} finds. */
    public NftCheck(ProcessRunner runner) {
        this.nft = new NftProgram(runner);
    }

    /**
     * Checks the version of nft. Needed only if nft writes the rules (NFT-28). An unknown version is accepted; in this
     * case, the first change shows whether nft works.
     *
     * @throws ApplyFailedException of kind MISSING_TOOL if nft is too old
     */
    public void requireNft() {
        nftVersion()
                .filter(version -> version.compareTo(NftVersion.OLDEST_NFT) < 0)
                .ifPresent(version -> {
                    throw tooOld(
                            ApplyFailedException.Kind.MISSING_TOOL,
                            "nft " + version + " is too old: " + NftVersion.OLDEST_NFT
                                    + " or later is needed; without --nft=program the program nft is not needed");
                });
    }

    /**
     * Checks the version of the kernel (NFT-28). An unknown version is accepted.
     *
     * @param release the output of {@code uname -r}; "" skips the check
     * @throws ApplyFailedException of kind MISSING_KERNEL_FEATURE if the kernel is too old
     */
    public static void requireKernel(String release) {
        NftVersion.find(release)
                .filter(version -> version.compareTo(NftVersion.OLDEST_KERNEL) < 0)
                .ifPresent(version -> {
                    throw tooOld(
                            ApplyFailedException.Kind.MISSING_KERNEL_FEATURE,
                            "kernel " + release.strip() + " is too old for nftables mode: "
                                    + NftVersion.OLDEST_KERNEL.major() + "." + NftVersion.OLDEST_KERNEL.minor()
                                    + " or later is needed (KUBE_PROXY_NFTABLES_SKIP_KERNEL_VERSION_CHECK=true to try"
                                    + " anyway)");
                });
    }

    private Optional<NftVersion> nftVersion() {
        try {
            ProcessResult result = nft.version();
            return result.succeeded() ? NftVersion.find(result.output()) : Optional.empty();
        } catch (ProgramMissingException _) {
            return Optional.empty();
        }
    }

    private static ApplyFailedException tooOld(ApplyFailedException.Kind kind, String message) {
        return new ApplyFailedException(kind, message, "", List.of(), List.of());
    }
}

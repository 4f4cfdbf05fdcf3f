package io.fairlead.nft;

import io.fairlead.core.rules.ApplyFailedException;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.nft.kernel.NftProgram;
import io.fairlead.nft.kernel.NftVersion;
import java.util.List;
import java.util.Optional;

/** Whether a machine can have our tables; to be asked once, at the start of a program that writes them. */
public final class NftCheck {
    private final NftProgram nft;

    /** Asks nft as this runner finds it. */
    public NftCheck(ProcessRunner runner) {
        this.nft = new NftProgram(runner);
    }

    /**
     * NFT-28. What does not tell its version passes: then the first change shows.
     *
     * @param kernelRelease as {@code uname -r} has it; "" not to look at it
     * @throws ApplyFailedException of kind MISSING_TOOL or MISSING_KERNEL_FEATURE if nft or the kernel is too old
     */
    public void requireVersions(String kernelRelease) {
        nftVersion()
                .filter(version -> version.compareTo(NftVersion.OLDEST_NFT) < 0)
                .ifPresent(version -> {
                    throw tooOld(
                            ApplyFailedException.Kind.MISSING_TOOL,
                            "nft " + version + " is too old for mode nftables: " + NftVersion.OLDEST_NFT
                                    + " or later is needed; mode iptables works here");
                });
        NftVersion.find(kernelRelease)
                .filter(version -> version.compareTo(NftVersion.OLDEST_KERNEL) < 0)
                .ifPresent(version -> {
                    throw tooOld(
                            ApplyFailedException.Kind.MISSING_KERNEL_FEATURE,
                            "kernel " + kernelRelease.strip() + " is too old for mode nftables: "
                                    + NftVersion.OLDEST_KERNEL.major() + "." + NftVersion.OLDEST_KERNEL.minor()
                                    + " or later is needed (KUBE_PROXY_NFTABLES_SKIP_KERNEL_VERSION_CHECK=true to try"
                                    + " all the same)");
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

    /**
     * Has a child process check one of each statement that we ever write. nft 1.0.6 aborts on some statements instead
     * of refusing them, and in this process it would take the JVM along.
     *
     * @return why libnftables must not be used in this process; "" if it may be
     */
    public String whyNotInProcess() {
        try {
            ProcessResult result = nft.check(Templates.commands());
            return result.succeeded()
                    ? ""
                    : "nft does not take every statement (exit status " + result.exitCode() + "): "
                            + result.reason().lines().findFirst().orElse("no reason given");
        } catch (ProgramMissingException e) {
            return "there is no nft to try the statements with";
        }
    }

    private static ApplyFailedException tooOld(ApplyFailedException.Kind kind, String message) {
        return new ApplyFailedException(kind, message, "", List.of(), List.of());
    }
}

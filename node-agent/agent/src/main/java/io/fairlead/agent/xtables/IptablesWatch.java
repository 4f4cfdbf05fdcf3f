package io.fairlead.agent.xtables;

import io.fairlead.core.rules.RuleWatch;
import io.fairlead.iptables.IptablesOptions.Variant;
import io.fairlead.iptables.diff.TableChange;
import io.fairlead.iptables.rule.Table;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import io.fairlead.linux.process.ProgramMissingException;
import io.fairlead.nft.kernel.RulesetWatch;
import java.util.Optional;
import java.util.function.Function;

/** Opens watches that find changes of iptables rules by other programs, for each variant of iptables. */
public final class IptablesWatch {

    private IptablesWatch() {}

    /**
     * Returns a watch that finds changes of Fairlead's rules by other programs.
     *
     * @param variant the variant of iptables in use; there is no watch for SYSTEM
     * @param namespace the name of the network namespace, as in {@code ip netns}; "" for the namespace of the calling
     *     thread
     * @return the watch; empty if changes cannot be found
     */
    public static Optional<RuleWatch<? super TableChange>> open(Variant variant, String namespace) {
        return switch (variant) {
            case NFT ->
                RulesetWatch.open(
                                namespace,
                                event -> event.family().isPresent()
                                        && Table.mayBeOurs(event.table(), event.chain(), event.gone()))
                        .map(Function.identity());
            case LEGACY -> legacy(namespace);
            case SYSTEM -> Optional.empty();
        };
    }

    private static Optional<RuleWatch<? super TableChange>> legacy(String namespace) {
        try {
            Libc libc = Libc.load();
            TableSizes sizes = NetworkNamespace.of(libc, namespace).run(() -> TableSizes.open(libc));
            if (sizes.areKnown()) {
                return Optional.of(new SizeWatch(sizes));
            }
            sizes.close();
        } catch (IllegalStateException | ProgramMissingException _) {
            // Without a watch, the agent reads the rules at intervals.
        }
        return Optional.empty();
    }
}

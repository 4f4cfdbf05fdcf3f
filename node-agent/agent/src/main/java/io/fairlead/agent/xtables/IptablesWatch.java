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

/** Where each of the two variants of iptables is watched. */
public final class IptablesWatch {

    private IptablesWatch() {}

    /**
     * A watch of what is ours.
     *
     * @param variant in use; of SYSTEM nothing is known
     * @param namespace as {@code ip netns} names it; "" for the calling thread's
     * @return empty if the kernel does not tell
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
            // Then rules are read now and then.
        }
        return Optional.empty();
    }
}

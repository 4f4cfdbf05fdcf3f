package io.fairlead.cli;

import io.fairlead.agent.serve.CountedPackets;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.RuleLayout;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.linux.process.Capabilities.Capability;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A dialect on one node, for the commands. Its implementations are the only classes outside the modules of the dialects
 * that know a dialect.
 *
 * @param <R> the rules of the dialect
 * @param <C> the changes of the dialect
 */
public interface Dialect<R extends Ruleset, C extends Change> {

    /** Returns the pure half, for rules that need no kernel. */
    RuleLayout<R, C> layout();

    /** Returns the pure half for the node of a dump: whether its rules count packets shows in the dump. */
    default RuleLayout<R, C> layout(Dump dump) {
        return layout();
    }

    /** Returns access to the rules of this node. */
    Backend<R, C> backend();

    /**
     * Returns the rules of this dialect in a dump.
     *
     * @throws io.fairlead.core.trace.UnknownRuleException if there is something under our names that Fairlead cannot
     *     have written
     */
    R in(Dump dump);

    /** Returns the tool that shows the rules of this dialect in a dump. */
    RuleTable.Tool tool();

    /** Returns access by the installed tools, even if the node uses another variant. */
    default Backend<R, C> installed() {
        return backend();
    }

    /**
     * Returns access to the rules of this node for an agent: the fastest one, with a watch if the kernel reports
     * changes.
     *
     * @param nft how nftables rules are written
     * @return the backend once the family is known that must work (PROTO-7)
     */
    default Function<IpFamily, Backend<R, C>> watched(NftAccess nft) {
        return _ -> backend();
    }

    /** Returns whether this node has rules of a family: iptables may work for one family only (PROTO-6). */
    default boolean hasRulesOf(IpFamily family) {
        return true;
    }

    /** Returns the capabilities that an agent needs in addition to NET_ADMIN, each with the reason. */
    default Map<Capability, String> needs() {
        return Map.of();
    }

    /**
     * Checks the versions of tool and kernel before anything is written (NFT-28).
     *
     * @param nft how nftables rules are written
     * @throws io.fairlead.core.rules.ApplyFailedException if one is too old
     */
    default void requireVersions(NftAccess nft) {}

    /** Returns the packets that rules of an agent count. */
    default List<CountedPackets> counted() {
        return List.of();
    }

    /** Returns messages about the tools for the operator. */
    default List<String> remarks() {
        return List.of();
    }

    /** Returns every place where rules of this mode may be, including those that the node does not use. */
    default List<Place> places() {
        return List.of(new Place(layout().mode().text(), installed()));
    }

    /** Returns other places than {@link #backend} that have rules of a proxy. */
    default List<Place> otherPlaces() {
        return List.of();
    }

    /**
     * A place for rules in the kernel.
     *
     * @param name "nftables", "iptables", "iptables-legacy"
     */
    record Place(String name, Backend<?, ?> backend) {}
}

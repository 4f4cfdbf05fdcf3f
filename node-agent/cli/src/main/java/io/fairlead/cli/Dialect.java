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
 * The access of commands to the rules of one dialect (iptables or nftables) on one node. The implementations are the
 * only classes outside the modules for iptables and nftables that depend on one of the dialects.
 *
 * @param <R> the type of the dialect's rules
 * @param <C> the type of the dialect's changes of rules
 */
public interface Dialect<R extends Ruleset, C extends Change> {

    /** Returns the part that computes rules without reading the kernel. */
    RuleLayout<R, C> layout();

    /** Returns the layout for the node of a dump. The dump shows whether the rules of that node count packets. */
    default RuleLayout<R, C> layout(Dump dump) {
        return layout();
    }

    /** Returns access to the rules of this node. */
    Backend<R, C> backend();

    /**
     * Returns the rules of this dialect in a dump. A dump is the output of programs such as iptables-save.
     *
     * <p>A rule or an object with one of Fairlead's names that Fairlead cannot have written is returned as a foreign
     * rule or a foreign object.
     *
     * @throws io.fairlead.core.trace.UnknownRuleException if the text of the dump is not a listing of rules
     */
    R in(Dump dump);

    /** Returns the program whose output in a dump shows the rules of this dialect. */
    RuleTable.Tool tool();

    /** Returns the access to the rules by the installed programs, even if the node uses another variant of iptables. */
    default Backend<R, C> installed() {
        return backend();
    }

    /**
     * Returns the fastest access to the rules in the kernel, for an agent. It includes a watch for changes by other
     * programs, if the kernel reports changes.
     *
     * @param nft how nftables rules are written
     * @return a function from the primary IP family, whose rules must work, to the access (PROTO-7)
     */
    default Function<IpFamily, Backend<R, C>> watched(NftAccess nft) {
        return _ -> backend();
    }

    /** Returns whether this node can have rules of an IP family. iptables may work for only one family (PROTO-6). */
    default boolean hasRulesOf(IpFamily family) {
        return true;
    }

    /** Returns the Linux capabilities that an agent needs in addition to NET_ADMIN, each with the reason. */
    default Map<Capability, String> needs() {
        return Map.of();
    }

    /**
     * Checks the versions of the program and the kernel before rules are written (NFT-28).
     *
     * @param nft how nftables rules are written
     * @throws io.fairlead.core.rules.ApplyFailedException if the program or the kernel is too old
     */
    default void requireVersions(NftAccess nft) {}

    /** Returns the packet counters in the rules of an agent. */
    default List<CountedPackets> counted() {
        return List.of();
    }

    /** Returns messages for the operator about the programs in use. */
    default List<String> remarks() {
        return List.of();
    }

    /**
     * Returns all places in the kernel where rules of this mode may be, including places that the node does not use.
     */
    default List<Place> places() {
        return List.of(new Place(layout().mode().text(), installed()));
    }

    /** Returns the places, other than {@link #backend}, that have rules of a proxy. */
    default List<Place> otherPlaces() {
        return List.of();
    }

    /**
     * A place in the kernel where rules may be.
     *
     * @param name the name for messages: "nftables", "iptables" or "iptables-legacy"
     */
    record Place(String name, Backend<?, ?> backend) {}
}

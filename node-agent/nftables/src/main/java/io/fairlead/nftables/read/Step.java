package io.fairlead.nftables.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a rule that was read from the kernel: a match or an action. {@code Statement} has only what Fairlead
 * writes; steps also express many rules of other programs.
 */
sealed interface Step {

    /**
     * Ends the rule if the comparison is false.
     *
     * @param operator one of NFT_CMP_*
     */
    record Compare(Value left, int operator, Bytes right) implements Step {}

    /** Ends the rule if the set does not contain the key; if {@code negated}, ends it if the set contains the key. */
    record LookUp(List<Value> key, RawSet set, boolean negated) implements Step {}

    /** Applies the verdict of the element with this key. Ends the rule if the map has no such element. */
    record LookUpVerdict(List<Value> key, RawSet map) implements Step {}

    /** Applies a verdict to the packet. */
    record Decide(RawVerdict verdict) implements Step {}

    /** Sets a property of the packet, for example its mark. */
    record SetMeta(int key, Value value) implements Step {}

    /**
     * Replaces an address or a port of the packet.
     *
     * @param type one of NFT_NAT_*
     * @param flags NF_NAT_RANGE_*, without the flags that only mean that an address or a port is given
     */
    record Nat(int type, @Nullable Value address, @Nullable Value port, int flags) implements Step {}

    /** Masquerades the source address; {@code flags} are NF_NAT_RANGE_*. */
    record Masquerade(int flags) implements Step {}

    record Reject(int type, int code) implements Step {}

    /**
     * Adds, updates or deletes an element of a set or map when a packet matches the rule.
     *
     * @param operation one of NFT_DYNSET_OP_*
     * @param data the data of a map's element; empty for a set
     * @param plain whether the operation has no flags, no own time-out and no expressions
     */
    record Change(int operation, RawSet set, List<Value> key, List<Value> data, boolean plain) implements Step {}
}

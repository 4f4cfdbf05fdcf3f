package io.fairlead.nftables.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of a rule. It is more general than {@code Statement}, which has only what Fairlead writes. */
sealed interface Step {

    /**
     * Ends the rule unless the comparison is true.
     *
     * @param operator NFT_CMP_*
     */
    record Compare(Value left, int operator, Bytes right) implements Step {}

    /** Ends the rule unless the set has the key, or if it has. */
    record LookUp(List<Value> key, RawSet set, boolean negated) implements Step {}

    /** Applies the verdict of an element; ends the rule if there is none. */
    record LookUpVerdict(List<Value> key, RawSet map) implements Step {}

    /** Applies a verdict. */
    record Decide(RawVerdict verdict) implements Step {}

    /** Sets a property of the packet. */
    record SetMeta(int key, Value value) implements Step {}

    /**
     * Translates an address.
     *
     * @param type NFT_NAT_*
     * @param flags NF_NAT_RANGE_* without those that say which values there are
     */
    record Nat(int type, @Nullable Value address, @Nullable Value port, int flags) implements Step {}

    /** Masquerades; {@code flags} are NF_NAT_RANGE_*. */
    record Masquerade(int flags) implements Step {}

    record Reject(int type, int code) implements Step {}

    /**
     * Changes an element from the rule.
     *
     * @param operation NFT_DYNSET_OP_*
     * @param data empty for a set
     * @param plain whether there is nothing else: no other time-out, no expression
     */
    record Change(int operation, RawSet set, List<Value> key, List<Value> data, boolean plain) implements Step {}

    /** Counts packets. */
    record Count() implements Step {}

    /** A step of a kind that Fairlead does not know; {@code name} is the kernel's name of the expression. */
    record Other(String name) implements Step {}
}

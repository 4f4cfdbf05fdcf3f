package io.fairlead.iptables.dispatch;

/**
 * The layout of a chain that contains a rule for each frontend: linear, as in kube-proxy, or a dispatch tree. Only the
 * number of rules in the chain decides. Therefore the same Services always produce the same text, whatever the chain
 * was before. The limit is the same when the chain grows and when it shrinks. The change from one layout to the other
 * costs little more than writing the longest linear chain, and a linear chain is written as a whole at every change.
 *
 * @param longestLinear the maximum number of rules in a linear chain; a chain with more rules is a tree
 */
public record Layout(int longestLinear) {
    /** Linear up to 128 rules. Up to this length, the rules add hardly any delay to a packet. */
    public static final Layout AUTO = new Layout(128);
    /** The linear layout for every number of rules. */
    public static final Layout FLAT = new Layout(Integer.MAX_VALUE);
    /** The dispatch tree for every number of rules. */
    public static final Layout TREE = new Layout(0);

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if {@code longestLinear} is negative
     */
    public Layout {
        if (longestLinear < 0) {
            throw new IllegalArgumentException("longestLinear out of range: " + longestLinear);
        }
    }

    /** Returns whether a chain with this number of rules is a dispatch tree. */
    boolean isTree(int rules) {
        return rules > longestLinear;
    }
}

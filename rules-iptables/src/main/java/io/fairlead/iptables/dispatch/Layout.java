package io.fairlead.iptables.dispatch;

/**
 * The layout of a chain that has a rule for each frontend: linear, as in kube-proxy, or a tree. The number of rules in
 * the chain alone decides, so the same Services always give the same text, whatever the chain was before. One limit
 * serves both directions, without hysteresis: a chain that turns into a tree or back costs little more than the longest
 * linear chain, and a linear chain costs that at every change anyway.
 *
 * @param longestLinear the most rules of a linear chain; a chain with more is a tree
 */
public record Layout(int longestLinear) {
    /** Linear up to a length at which a packet hardly notices the rules. */
    public static final Layout AUTO = new Layout(128);
    /** Always linear. */
    public static final Layout FLAT = new Layout(Integer.MAX_VALUE);
    /** Always a tree. */
    public static final Layout TREE = new Layout(0);

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Layout {
        if (longestLinear < 0) {
            throw new IllegalArgumentException("longestLinear out of range: " + longestLinear);
        }
    }

    /** Returns whether a chain with this number of rules is a tree. */
    boolean isTree(int rules) {
        return rules > longestLinear;
    }
}

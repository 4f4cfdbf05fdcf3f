package io.fairlead.iptables.dispatch;

/**
 * How a chain that has a rule for each frontend is laid out: in a row, as kube-proxy does, or as a tree. It is decided
 * for each such chain by the number of its rules alone, so that the same Services always lead to the same text,
 * whatever was there before. There is no margin between the way up and the way down: becoming a tree or ceasing to be
 * one costs little more than the longest row does, which is what a chain in a row costs at every change anyway.
 *
 * @param longestLinear most rules in a row; one with more is a tree
 */
public record Layout(int longestLinear) {
    /** A row as long as it hardly costs a packet anything. */
    public static final Layout AUTO = new Layout(128);
    /** Always in a row. */
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
            throw new IllegalArgumentException("longestRow out of range: " + longestLinear);
        }
    }

    /** Whether a chain with so many rules is a tree. */
    boolean isTree(int rules) {
        return rules > longestLinear;
    }
}

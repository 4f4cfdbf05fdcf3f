package io.fairlead.iptables.dispatch;

import java.util.Locale;

/** How a chain that has a rule for each frontend is laid out. */
public enum Layout {
    /** In a row up to {@link #LONGEST_ROW} rules, above that as a tree. */
    AUTO,
    /** In a row, as kube-proxy does, however long. */
    FLAT,
    /** As a tree, however small. */
    TREE;

    /**
     * How many rules AUTO leaves in a row. It decides by the number of rules in that chain alone, so that the same Services
     * always lead to the same text; without a margin between there and back, since a chain that becomes a tree or ceases to be
     * one costs no more than this many rules, which is what a chain in a row costs at each change.
     */
    public static final int LONGEST_ROW = 256;

    /** Whether a chain with so many rules is a tree. */
    boolean isTree(int rules) {
        return switch (this) {
            case AUTO -> rules > LONGEST_ROW;
            case FLAT -> false;
            case TREE -> true;
        };
    }

    /** Lower case, as it is given and shown. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}

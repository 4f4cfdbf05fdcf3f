package io.fairlead.core.rules;

import io.fairlead.core.plan.Origin;

/**
 * One line that a change adds or removes.
 *
 * @param origin the reason why the line exists
 * @param place the table and chain, or the table and map: "IPv4 nat KUBE-SERVICES", "ip kube-proxy map service-ips"
 * @param text the line in the syntax of iptables or nft
 */
public record Edit(Sign sign, Origin origin, String place, String text) {

    /** The direction of the edit: the line is added or removed. */
    public enum Sign {
        ADD('+'),
        REMOVE('-');

        private final char symbol;

        Sign(char symbol) {
            this.symbol = symbol;
        }

        /** Returns '+' or '-'. */
        public char symbol() {
            return symbol;
        }
    }
}

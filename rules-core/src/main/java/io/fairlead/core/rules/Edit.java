package io.fairlead.core.rules;

import io.fairlead.core.plan.Origin;

/**
 * One added or removed line.
 *
 * @param origin the origin of the line
 * @param place the table and chain, or the table and map: "IPv4 nat KUBE-SERVICES", "ip kube-proxy map service-ips"
 * @param text the line as the backend's tool writes it
 */
public record Edit(Sign sign, Origin origin, String place, String text) {

    /** Whether the line is added or removed. */
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

package io.fairlead.core.rules;

import io.fairlead.core.plan.Origin;

/**
 * One line that comes or goes.
 *
 * @param origin whose line it is
 * @param place where it stands: "IPv4 nat KUBE-SERVICES", "ip kube-proxy map service-ips"
 * @param text the line as the backend's tool writes it
 */
public record Edit(Sign sign, Origin origin, String place, String text) {

    /** Which way. */
    public enum Sign {
        ADD('+'),
        REMOVE('-');

        private final char symbol;

        Sign(char symbol) {
            this.symbol = symbol;
        }

        /** '+' or '-'. */
        public char symbol() {
            return symbol;
        }
    }
}

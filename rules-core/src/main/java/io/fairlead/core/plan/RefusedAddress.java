package io.fairlead.core.plan;

import io.fairlead.core.net.Ip;
import java.util.Locale;

/**
 * An address of a Service on which the Service is not served, because the address is outside of the configured ranges.
 *
 * @param allowed the ranges that are served
 */
public record RefusedAddress(Kind kind, Ip ip, ServedAddresses.Within allowed) {

    /** The kinds of addresses that can be limited to ranges. */
    public enum Kind {
        /** {@code spec.externalIPs}. */
        EXTERNAL_IP("external IP", "--external-ip-ranges"),
        /** {@code status.loadBalancer.ingress[].ip}. */
        LOAD_BALANCER_IP("load balancer IP", "--load-balancer-ip-ranges");

        private final String text;
        private final String flag;

        Kind(String text, String flag) {
            this.text = text;
            this.flag = flag;
        }

        /** Returns the kind for people: "external IP". */
        public String text() {
            return text;
        }
    }

    /** Returns one sentence for people. It names the address, the flag and the ranges of the flag. */
    public String text() {
        return String.format(
                Locale.ROOT,
                "%s %s is not served, because %s allows only: %s",
                kind.text,
                ip,
                kind.flag,
                allowed.text());
    }
}

package io.fairlead.explain.read;

import java.util.Set;

/**
 * The targets of iptables after which a packet goes on with the next rule, with the same addresses and marks.
 *
 * <p>What SET, DSCP, TOS and RATEEST change can only be seen by matches that are not understood, so a packet that such
 * a match could stop has a condition in its answer.
 */
public final class PassingTargets {
    private static final Set<String> NAMES = Set.of(
            "AUDIT",
            "CHECKSUM",
            "CLASSIFY",
            "CONNSECMARK",
            "DSCP",
            "ECN",
            "HL",
            "IDLETIMER",
            "LED",
            "LOG",
            "NFLOG",
            "RATEEST",
            "SECMARK",
            "SET",
            "TCPMSS",
            "TCPOPTSTRIP",
            "TEE",
            "TOS",
            "TRACE",
            "TTL",
            "ULOG");

    private PassingTargets() {}

    /**
     * Returns whether packets go on unchanged after a target.
     *
     * @param target the name of a target, for example LOG
     */
    public static boolean contains(String target) {
        return NAMES.contains(target);
    }
}

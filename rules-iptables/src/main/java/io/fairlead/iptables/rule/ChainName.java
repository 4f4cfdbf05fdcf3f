package io.fairlead.iptables.rule;

import io.fairlead.core.plan.ServicePortName;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * The name of a chain of ours, or of a client list of the {@code recent} match. iptables reads every such name as one
 * word, so it can be written into a command.
 */
public record ChainName(String text) implements Comparable<ChainName> {
    private static final int LONGEST = 28;
    /** The length of an IPv4 address, a protocol and a port. */
    private static final int LONGEST_PATH = 13;

    private static final int HASH_LENGTH = 17;

    public static final ChainName SERVICES = new ChainName("KUBE-SERVICES");
    public static final ChainName EXTERNAL_SERVICES = new ChainName("KUBE-EXTERNAL-SERVICES");
    public static final ChainName FORWARD = new ChainName("KUBE-FORWARD");
    public static final ChainName NODE_PORTS = new ChainName("KUBE-NODEPORTS");
    public static final ChainName PROXY_FIREWALL = new ChainName("KUBE-PROXY-FIREWALL");
    public static final ChainName POSTROUTING = new ChainName("KUBE-POSTROUTING");
    public static final ChainName MARK_MASQ = new ChainName("KUBE-MARK-MASQ");
    /**
     * A chain of kube-proxy up to 1.24 and of kubelet up to 1.27. It marks packets for kubelet's KUBE-FIREWALL to drop.
     * Fairlead does not write it.
     */
    public static final ChainName MARK_DROP = new ChainName("KUBE-MARK-DROP");
    /**
     * An empty chain. If it is missing, kube-proxy's monitor knows that another program flushed the tables (SYNC-12).
     */
    public static final ChainName CANARY = new ChainName("KUBE-PROXY-CANARY");
    /**
     * A chain shared with kubelet: rules are added and never removed, and the chain is never flushed or deleted
     * (NP-15).
     */
    public static final ChainName KUBELET_FIREWALL = new ChainName("KUBE-FIREWALL");

    /** The kinds of chains of one Service port (IPT-19), in the order in which a packet meets them. */
    public enum Kind {
        FIREWALL("KUBE-FW-"),
        EXTERNAL("KUBE-EXT-"),
        /** External traffic under policy Local, in kube-proxy up to 1.24. Fairlead does not write it. */
        FORMER_EXTERNAL("KUBE-XLB-"),
        CLUSTER("KUBE-SVC-"),
        LOCAL("KUBE-SVL-"),
        ENDPOINT("KUBE-SEP-");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        /** Returns the prefix of names of this kind. */
        public String prefix() {
            return prefix;
        }

        /** Returns the prefix of branch names under this prefix; no name of a Service port begins like this. */
        private String ofBranches() {
            return prefix + "T-";
        }

        /**
         * Returns the name of this kind of chain of a Service port; for {@link #ENDPOINT} see
         * {@link ChainName#ofEndpoint}.
         */
        public ChainName of(ServicePortName port) {
            return new ChainName(prefix + port.hash(""));
        }
    }

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if the name is empty, longer than the 28 characters that iptables accepts, or
     *     has characters other than letters, digits and hyphens, or begins with a hyphen
     */
    public ChainName {
        boolean fits = !text.isEmpty() && text.length() <= LONGEST && text.charAt(0) != '-';
        for (int i = 0; fits && i < text.length(); i++) {
            char c = text.charAt(i);
            fits = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        }
        if (!fits) {
            throw new IllegalArgumentException("not a chain name: \"" + text + "\"");
        }
    }

    /** Returns the name of the chain of one endpoint of a Service port. */
    public static ChainName ofEndpoint(ServicePortName port, String endpoint) {
        return new ChainName(Kind.ENDPOINT.prefix() + port.hash(endpoint));
    }

    /**
     * Returns the name of a branch of a tree that leads to chains of Services: "KUBE-SVC-T-0A6". It has one of the
     * prefixes whose chains kube-proxy deletes from nat if it does not know them (IPT-23). Its hyphen distinguishes it
     * from the hash of a Service port.
     *
     * @param path letters and digits; a path longer than 13 characters is replaced by 17 characters of a hash
     */
    public static ChainName ofBranch(Kind kind, String path) {
        return new ChainName(kind.ofBranches() + (path.length() <= LONGEST_PATH ? path : hashed(path)));
    }

    private static String hashed(String path) {
        byte[] digest;
        try {
            digest = MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        return new BigInteger(1, digest)
                .toString(Character.MAX_RADIX)
                .substring(0, HASH_LENGTH)
                .toUpperCase(Locale.ROOT);
    }

    /** Returns whether this is the chain that kubelet uses too. */
    public boolean isShared() {
        return equals(KUBELET_FIREWALL);
    }

    /** Returns whether the name is of this kind. */
    public boolean is(Kind kind) {
        return text.startsWith(kind.prefix()) && !text.startsWith(kind.ofBranches());
    }

    /** Returns whether this is a branch of a dispatch tree. */
    public boolean isBranch() {
        for (Kind kind : Kind.values()) {
            if (text.startsWith(kind.ofBranches())) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether this is a chain of one Service port. */
    public boolean isOfService() {
        for (Kind kind : Kind.values()) {
            if (is(kind)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int compareTo(ChainName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}

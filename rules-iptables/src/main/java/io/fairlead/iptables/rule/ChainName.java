package io.fairlead.iptables.rule;

import io.fairlead.core.plan.ServicePortName;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * The name of one of Fairlead's chains, or of a client list of the {@code recent} match. iptables parses every such
 * name as one word, so the name can be written into a command.
 */
public record ChainName(String text) implements Comparable<ChainName> {
    private static final int LONGEST = 28;
    /** The number of characters that an IPv4 address, a protocol and a port need in a path. */
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
     * A chain of kube-proxy up to 1.24 and of kubelet up to 1.27. It marks packets, and kubelet's chain KUBE-FIREWALL
     * drops the marked packets. Fairlead does not write this chain.
     */
    public static final ChainName MARK_DROP = new ChainName("KUBE-MARK-DROP");
    /**
     * An empty chain. If it is missing, kube-proxy's monitor concludes that another program flushed the tables
     * (SYNC-12).
     */
    public static final ChainName CANARY = new ChainName("KUBE-PROXY-CANARY");
    /**
     * A chain that kubelet also uses. Fairlead adds rules to it, but never removes rules, and never flushes or deletes
     * the chain (NP-15).
     */
    public static final ChainName KUBELET_FIREWALL = new ChainName("KUBE-FIREWALL");

    /** The kinds of chains that belong to one Service port (IPT-19), in the order in which a packet meets them. */
    public enum Kind {
        FIREWALL("KUBE-FW-"),
        EXTERNAL("KUBE-EXT-"),
        /** The chain for external traffic under policy Local, in kube-proxy up to 1.24. Fairlead does not write it. */
        FORMER_EXTERNAL("KUBE-XLB-"),
        CLUSTER("KUBE-SVC-"),
        LOCAL("KUBE-SVL-"),
        ENDPOINT("KUBE-SEP-");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        /** Returns the prefix of the names of this kind. */
        public String prefix() {
            return prefix;
        }

        /**
         * Returns the prefix of the names of branches for this kind. No chain of a Service port has a name with this
         * prefix.
         */
        private String ofBranches() {
            return prefix + "T-";
        }

        /**
         * Returns the name of the chain of this kind for a Service port. For {@link #ENDPOINT} use
         * {@link ChainName#ofEndpoint}.
         */
        public ChainName of(ServicePortName port) {
            return new ChainName(prefix + port.hash(""));
        }
    }

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if the name is empty, is longer than the 28 characters that iptables accepts,
     *     contains characters other than letters, digits and hyphens, or begins with a hyphen
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

    /**
     * Returns the name of the chain for one endpoint of a Service port.
     *
     * @param endpoint "ip:port" or "[ip]:port"
     */
    public static ChainName ofEndpoint(ServicePortName port, String endpoint) {
        return new ChainName(Kind.ENDPOINT.prefix() + port.hash(endpoint));
    }

    /**
     * Returns the name of a branch of a dispatch tree, for example "KUBE-SVC-T-0A6". A dispatch tree is a long chain
     * that is divided into branches by digits of the address. The name has a prefix for which kube-proxy deletes
     * unknown chains from nat (IPT-23). The hyphen after the T distinguishes the name from a name with the hash of a
     * Service port.
     *
     * @param path letters and digits; a path longer than 13 characters is replaced by 17 characters of its hash
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

    /** Returns whether this is the chain that kubelet also uses. */
    public boolean isShared() {
        return equals(KUBELET_FIREWALL);
    }

    /** Returns whether the name is of this kind, and not the name of a branch. */
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

    /** Returns whether this is a chain that belongs to one Service port. */
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

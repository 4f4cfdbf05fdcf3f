package io.fairlead.iptables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.render.EndpointLayout;

/**
 * The options of the iptables programs, and of the layout of the rules.
 *
 * @param variant the variant of the programs
 * @param randomFully whether MASQUERADE may choose source ports at random; needs iptables 1.6.2 or later (MQ-15)
 * @param waitSeconds the time in seconds that a program waits for a lock that another program holds, 1 or more
 *     (SYNC-17)
 * @param primary the family that must work; the other family may be missing (PROTO-6)
 * @param layout the layout of the chains that list frontends
 * @param endpoints selects the endpoints that have a chain of their own
 */
public record IptablesOptions(
        Variant variant,
        boolean randomFully,
        int waitSeconds,
        IpFamily primary,
        Layout layout,
        EndpointLayout endpoints) {

    /** The variants of the iptables programs. A variant is the kernel interface that they use. */
    public enum Variant {
        /** The programs {@code iptables} and {@code ip6tables}, whose variant depends on the system. */
        SYSTEM(""),
        /** The variant whose rules are in nf_tables. */
        NFT("-nft"),
        /** The variant whose rules are in x_tables. */
        LEGACY("-legacy");

        private final String suffix;

        Variant(String suffix) {
            this.suffix = suffix;
        }

        /** Returns the name of the program for a family: "iptables-nft", "ip6tables-legacy", ... */
        public String program(IpFamily family) {
            return (family == IpFamily.IPV4 ? "iptables" : "ip6tables") + suffix;
        }
    }

    /**
     * Checks the waiting time.
     *
     * @throws IllegalArgumentException if {@code waitSeconds} is less than 1
     */
    public IptablesOptions {
        if (waitSeconds < 1) {
            throw new IllegalArgumentException("waitSeconds out of range: " + waitSeconds);
        }
    }

    /** Returns the default options: the programs of the system, and the waiting time and chains of kube-proxy. */
    public static IptablesOptions defaults() {
        return new IptablesOptions(Variant.SYSTEM, true, 5, IpFamily.IPV4, Layout.AUTO, EndpointLayout.KUBE_PROXY);
    }

    /** Returns the options with another variant. */
    public IptablesOptions with(Variant other) {
        return new IptablesOptions(other, randomFully, waitSeconds, primary, layout, endpoints);
    }

    /** Returns the options with another primary family. */
    public IptablesOptions withPrimary(IpFamily other) {
        return new IptablesOptions(variant, randomFully, waitSeconds, other, layout, endpoints);
    }

    /** Returns the options with another layout. */
    public IptablesOptions with(Layout other) {
        return new IptablesOptions(variant, randomFully, waitSeconds, primary, other, endpoints);
    }

    /** Returns the options with another selection of endpoints that have a chain of their own. */
    public IptablesOptions with(EndpointLayout other) {
        return new IptablesOptions(variant, randomFully, waitSeconds, primary, layout, other);
    }
}

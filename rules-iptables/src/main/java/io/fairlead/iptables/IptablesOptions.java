package io.fairlead.iptables;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.dispatch.Layout;
import io.fairlead.iptables.render.EndpointLayout;

/**
 * How the tools are called, and how rules are laid out where there is a choice.
 *
 * @param variant which of the two sets of tools
 * @param randomFully whether MASQUERADE may pick source ports at random: iptables 1.6.2 or later (MQ-15)
 * @param waitSeconds how long a tool waits for the lock that other programs hold, 1 or more (SYNC-17)
 * @param primary the family that must work; the other one may be missing (PROTO-6)
 * @param layout of the chains that list frontends
 * @param endpoints which endpoints have a chain of their own
 */
public record IptablesOptions(
        Variant variant,
        boolean randomFully,
        int waitSeconds,
        IpFamily primary,
        Layout layout,
        EndpointLayout endpoints) {

    /** The two ways from the tools to the kernel, and the one that the system has chosen. */
    public enum Variant {
        /** {@code iptables}, whichever that is. */
        SYSTEM(""),
        /** Through nf_tables. */
        NFT("-nft"),
        /** Through x_tables. */
        LEGACY("-legacy");

        private final String suffix;

        Variant(String suffix) {
            this.suffix = suffix;
        }

        /** "iptables-nft", "ip6tables-legacy", ... */
        public String program(IpFamily family) {
            return (family == IpFamily.IPV4 ? "iptables" : "ip6tables") + suffix;
        }
    }

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if {@code waitSeconds} is less than 1
     */
    public IptablesOptions {
        if (waitSeconds < 1) {
            throw new IllegalArgumentException("waitSeconds out of range: " + waitSeconds);
        }
    }

    /** The system's tools, with kube-proxy's waiting time and its chains. */
    public static IptablesOptions defaults() {
        return new IptablesOptions(Variant.SYSTEM, true, 5, IpFamily.IPV4, Layout.AUTO, EndpointLayout.KUBE_PROXY);
    }

    /** The same with another set of tools. */
    public IptablesOptions with(Variant other) {
        return new IptablesOptions(other, randomFully, waitSeconds, primary, layout, endpoints);
    }

    /** The same with another family that must work. */
    public IptablesOptions withPrimary(IpFamily other) {
        return new IptablesOptions(variant, randomFully, waitSeconds, other, layout, endpoints);
    }

    /** The same with another layout. */
    public IptablesOptions with(Layout other) {
        return new IptablesOptions(variant, randomFully, waitSeconds, primary, other, endpoints);
    }

    /** The same with other endpoints that have a chain. */
    public IptablesOptions with(EndpointLayout other) {
        return new IptablesOptions(variant, randomFully, waitSeconds, primary, layout, other);
    }
}

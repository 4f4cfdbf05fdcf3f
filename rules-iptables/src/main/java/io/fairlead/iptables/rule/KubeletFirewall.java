package io.fairlead.iptables.rule;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.plan.Origin;
import java.util.EnumSet;
import java.util.List;

/** The rules of {@link ChainName#KUBELET_FIREWALL} that Fairlead knows (NP-15). */
public final class KubeletFirewall {
    private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8");

    /**
     * The rule that both kube-proxy and kubelet write. It drops packets to loopback addresses whose source is not a
     * loopback address, unless the destination of the packet was translated, or the packet belongs or is related to a
     * known connection. Without the rule, if route_localnet is set, such packets would reach programs that listen only
     * on loopback addresses.
     */
    public static final Rule.Known ANTI_MARTIAN = new Rule.Known(
            List.of(
                    new Match.Destination(LOOPBACK, false),
                    new Match.Source(LOOPBACK, true),
                    new Match.Tracked(
                            EnumSet.of(ConnectionState.RELATED, ConnectionState.ESTABLISHED, ConnectionState.DNAT),
                            true)),
            new Target.Drop(),
            new Comment("block incoming localnet connections"),
            new Origin.Node());

    private KubeletFirewall() {}

    /**
     * Returns whether a rule of the chain is known. One known rule is {@link #ANTI_MARTIAN}. The other is a rule of
     * kubelet up to 1.27, which drops packets that {@link ChainName#MARK_DROP} marked; the bit of the mark may be any.
     * A trace can pass through both.
     */
    public static boolean isKnown(Rule rule) {
        return rule.sameAs(ANTI_MARTIAN)
                || (rule instanceof Rule.Known known
                        && known.target() instanceof Target.Drop
                        && known.matches().size() == 1
                        && known.matches().getFirst() instanceof Match.Mark);
    }
}

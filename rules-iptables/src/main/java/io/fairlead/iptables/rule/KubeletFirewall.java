package io.fairlead.iptables.rule;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.plan.Origin;
import java.util.EnumSet;
import java.util.List;

/** The rules of {@link ChainName#KUBELET_FIREWALL} that are known (NP-15). */
public final class KubeletFirewall {
    private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8");

    /**
     * The one that kube-proxy and kubelet both keep there. Drops packets from elsewhere to loopback addresses, unless
     * they came there by translation: with route_localnet on they would otherwise reach services that listen on
     * loopback only.
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
     * Whether a rule of the chain is read. Besides the one that is written, that is kubelet's until 1.27, which drops
     * what {@link ChainName#MARK_DROP} has marked: a trace passes it. Kubelet may have it with any bit.
     */
    public static boolean isKnown(Rule rule) {
        return rule.sameAs(ANTI_MARTIAN)
                || (rule instanceof Rule.Known known
                        && known.target() instanceof Target.Drop
                        && known.matches().size() == 1
                        && known.matches().getFirst() instanceof Match.Mark);
    }
}

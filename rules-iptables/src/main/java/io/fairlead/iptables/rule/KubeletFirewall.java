package io.fairlead.iptables.rule;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.plan.Origin;
import java.util.EnumSet;
import java.util.List;

/** The rule that kube-proxy and kubelet both keep in {@link ChainName#KUBELET_FIREWALL} (NP-15). */
public final class KubeletFirewall {
    private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8");

    /**
     * Drops packets from elsewhere to loopback addresses, unless they came there by translation: with route_localnet on they
     * would otherwise reach services that listen on loopback only.
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
}

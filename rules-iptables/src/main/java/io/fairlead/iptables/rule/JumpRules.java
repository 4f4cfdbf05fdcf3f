package io.fairlead.iptables.rule;

import io.fairlead.core.plan.Origin;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The jumps from built-in chains to Fairlead's chains. A rule in a built-in chain belongs to Fairlead only if its text
 * equals one of these jumps. Any other rule that jumps to one of Fairlead's chains belongs to another program, and is
 * kept.
 */
public final class JumpRules {
    /** The jump that kubelet also writes (NP-15). */
    public static final Rule.Known TO_KUBELET_FIREWALL = jump(ChainName.KUBELET_FIREWALL, Comment.NONE);

    private static final Comment PORTALS = new Comment("kubernetes service portals");
    private static final Comment EXTERNAL_PORTALS = new Comment("kubernetes externally-visible service portals");

    private static final Rule.Known FIREWALL =
            ofNew(ChainName.PROXY_FIREWALL, new Comment("kubernetes load balancer firewall"));
    private static final Rule.Known HEALTH_CHECKS =
            jump(ChainName.NODE_PORTS, new Comment("kubernetes health check service ports"));
    private static final Rule.Known FORWARDING = jump(ChainName.FORWARD, new Comment("kubernetes forwarding rules"));
    private static final Rule.Known NEW_TO_SERVICES = ofNew(ChainName.SERVICES, PORTALS);
    private static final Rule.Known NEW_TO_EXTERNAL_SERVICES = ofNew(ChainName.EXTERNAL_SERVICES, EXTERNAL_PORTALS);
    private static final Rule.Known TO_SERVICES = jump(ChainName.SERVICES, PORTALS);
    private static final Rule.Known TO_POSTROUTING =
            jump(ChainName.POSTROUTING, new Comment("kubernetes postrouting rules"));

    private JumpRules() {}

    /**
     * Returns the jumps that kube-proxy 1.37 and Fairlead always write into one built-in chain, in order.
     * {@link #TO_KUBELET_FIREWALL} is not among them.
     */
    public static List<Rule> written(Table table, BuiltInChain from) {
        return switch (table) {
            case MANGLE -> List.of();
            case FILTER ->
                switch (from) {
                    case INPUT -> List.of(FIREWALL, HEALTH_CHECKS, NEW_TO_EXTERNAL_SERVICES);
                    case FORWARD -> List.of(FIREWALL, FORWARDING, NEW_TO_SERVICES, NEW_TO_EXTERNAL_SERVICES);
                    case OUTPUT -> List.of(FIREWALL, NEW_TO_SERVICES);
                    case PREROUTING, POSTROUTING -> List.of();
                };
            case NAT ->
                switch (from) {
                    case PREROUTING, OUTPUT -> List.of(TO_SERVICES);
                    case POSTROUTING -> List.of(TO_POSTROUTING);
                    case INPUT, FORWARD -> List.of();
                };
        };
    }

    /** Returns whether Fairlead, kubelet or any version of kube-proxy writes this rule into this chain. */
    public static boolean isOurs(Table table, BuiltInChain from, Rule rule) {
        return known(table, from).anyMatch(rule::sameAs);
    }

    /** Returns every rule for which {@link #isOurs} is true. */
    public static Stream<Rule> known(Table table, BuiltInChain from) {
        return Stream.concat(written(table, from).stream(), former(table, from).stream());
    }

    /**
     * Returns the known jumps that {@link #written} does not return. They are the jump that kubelet also writes, and
     * jumps that only old versions of kube-proxy write: versions up to 1.9, and in INPUT versions up to 1.19.
     */
    private static List<Rule> former(Table table, BuiltInChain from) {
        if (table != Table.FILTER) {
            return List.of();
        }
        return switch (from) {
            case INPUT ->
                List.of(
                        TO_KUBELET_FIREWALL,
                        NEW_TO_SERVICES,
                        TO_SERVICES,
                        jump(ChainName.EXTERNAL_SERVICES, EXTERNAL_PORTALS));
            case OUTPUT -> List.of(TO_KUBELET_FIREWALL, TO_SERVICES);
            case FORWARD -> List.of(TO_SERVICES);
            case PREROUTING, POSTROUTING -> List.of();
        };
    }

    private static Rule.Known ofNew(ChainName to, Comment comment) {
        return new Rule.Known(
                List.of(new Match.Tracked(Set.of(ConnectionState.NEW), false)),
                new Target.Jump(to),
                comment,
                new Origin.Node());
    }

    private static Rule.Known jump(ChainName to, Comment comment) {
        return new Rule.Known(List.of(), new Target.Jump(to), comment, new Origin.Node());
    }
}

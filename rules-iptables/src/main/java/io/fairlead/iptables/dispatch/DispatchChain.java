package io.fairlead.iptables.dispatch;

import io.fairlead.iptables.rule.ChainName;
import io.fairlead.iptables.rule.Table;

/**
 * The chains that contain a rule for each frontend, or for each health check node port. If such a chain is long, it
 * becomes the trunk of a dispatch tree.
 */
public enum DispatchChain {
    NAT_SERVICES(Table.NAT, ChainName.SERVICES, ChainName.Kind.CLUSTER),
    NAT_NODE_PORTS(Table.NAT, ChainName.NODE_PORTS, ChainName.Kind.EXTERNAL),
    FILTER_SERVICES(Table.FILTER, ChainName.SERVICES, ChainName.Kind.CLUSTER),
    FILTER_EXTERNAL(Table.FILTER, ChainName.EXTERNAL_SERVICES, ChainName.Kind.EXTERNAL),
    FILTER_NODE_PORTS(Table.FILTER, ChainName.NODE_PORTS, ChainName.Kind.LOCAL),
    FILTER_FIREWALL(Table.FILTER, ChainName.PROXY_FIREWALL, ChainName.Kind.FIREWALL);

    private final Table table;

    @SuppressWarnings("ImmutableEnumChecker") // a record of a text
    private final ChainName chain;

    private final ChainName.Kind branches;

    DispatchChain(Table table, ChainName chain, ChainName.Kind branches) {
        this.table = table;
        this.chain = chain;
        this.branches = branches;
    }

    /** Returns the table of the trunk. */
    public Table table() {
        return table;
    }

    /** Returns the name of the trunk. */
    public ChainName chain() {
        return chain;
    }

    /** Returns the name of the branch for all paths with this prefix. */
    ChainName branch(String path) {
        return ChainName.ofBranch(branches, path);
    }
}

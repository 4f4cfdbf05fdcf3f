package io.fairlead.core.plan;

import io.fairlead.core.net.Ip;
import java.util.List;

/** The addresses of the node on which node ports are served, in one family. */
public sealed interface NodePortAddresses {

    /**
     * Every local address of the node (NP-2).
     *
     * @param loopback whether 127.0.0.0/8 is included (NP-9, NP-10); always false for IPv6 (NP-11) and nftables (NP-16)
     */
    record AnyLocal(boolean loopback) implements NodePortAddresses {}

    /** Only these addresses, sorted; the list may be empty (NP-5). */
    record Only(List<Ip> addresses) implements NodePortAddresses {
        /** Copies the list. */
        public Only {
            addresses = List.copyOf(addresses);
        }
    }
}

package io.fairlead.cli;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.Backend;
import io.fairlead.iptables.IptablesBackend;
import io.fairlead.iptables.IptablesOptions;
import java.util.ArrayList;
import java.util.List;

/** What an operator should know of the tools behind a backend, once it has read the kernel. */
final class BackendNotices {

    private BackendNotices() {}

    /** Families that are left out, and that iptables is the slow one of its two variants. */
    static List<String> of(Backend<?, ?> backend) {
        if (!(backend instanceof IptablesBackend iptables)) {
            return List.of();
        }
        List<String> notices = new ArrayList<>(iptables.notices());
        if (iptables.variant() != IptablesOptions.Variant.SYSTEM) {
            notices.add(iptables.variant().program(IpFamily.IPV4) + " is used, the variant of this node");
        }
        if (iptables.variantInUse() == IptablesOptions.Variant.NFT) {
            notices.add(
                    "iptables here is the variant on top of nftables, which takes several times as long as the other"
                            + " to load and to read thousands of Services: --proxy-mode nftables is the better choice for a large cluster");
        }
        return notices;
    }
}

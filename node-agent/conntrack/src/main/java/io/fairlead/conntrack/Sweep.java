package io.fairlead.conntrack;

import io.fairlead.conntrack.ConntrackTable.Removal;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpFamily;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of one check of the flows of one family.
 *
 * @param seen the number of UDP flows that were checked
 * @param removal the result of removing the stale flows
 * @param complete false if the table contained more stale flows than one check removes
 */
record Sweep(int seen, Removal removal, boolean complete) {
    /**
     * The greatest number of stale flows that one check removes. So many flows need about 5 MiB of memory; the table
     * may contain more.
     */
    static final int MOST_AT_A_TIME = 32_768;

    /**
     * Checks every UDP flow of a family and removes stale flows, at most {@link #MOST_AT_A_TIME}.
     *
     * @throws ConntrackException if the table cannot be read completely
     */
    static Sweep of(ConntrackTable table, IpFamily family, UdpFrontends frontends, Host host) {
        Search search = new Search(frontends, host);
        table.dump(family, search::look);
        return new Sweep(search.seen, table.delete(search.stale), search.complete);
    }

    private static final class Search {
        private final UdpFrontends frontends;
        private final Host host;
        private final List<UdpFlow> stale = new ArrayList<>();
        private int seen;
        private boolean complete = true;

        private Search(UdpFrontends frontends, Host host) {
            this.frontends = frontends;
            this.host = host;
        }

        private void look(UdpFlow flow) {
            seen++;
            if (!frontends.stale(flow, host)) {
                return;
            }
            if (stale.size() < MOST_AT_A_TIME) {
                stale.add(flow);
            } else {
                complete = false;
            }
        }
    }
}

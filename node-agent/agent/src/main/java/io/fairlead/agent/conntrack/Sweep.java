package io.fairlead.agent.conntrack;

import io.fairlead.agent.conntrack.ConntrackTable.Removal;
import io.fairlead.core.flow.Host;
import io.fairlead.core.net.IpFamily;
import java.util.ArrayList;
import java.util.List;

/**
 * What one look at the flows of one family did.
 *
 * @param seen UDP flows looked at
 * @param removal what became of those that were stale
 * @param complete whether no stale flow was left for the next time
 */
record Sweep(int seen, Removal removal, boolean complete) {
    /** So many stale flows are remembered at a time, some 5 MiB; the table may hold more. */
    static final int MOST_AT_A_TIME = 32_768;

    /**
     * Looks at every UDP flow of a family and removes those that are stale.
     *
     * @throws ConntrackException if the table cannot be read to the end
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

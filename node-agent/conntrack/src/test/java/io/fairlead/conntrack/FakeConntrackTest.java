package io.fairlead.conntrack;

import java.util.List;

final class FakeConntrackTest extends ConntrackTableContract {
    private final FakeConntrack table = new FakeConntrack();

    @Override
    ConntrackTable table() {
        return table;
    }

    @Override
    void insert(List<UdpFlow> flows) {
        flows.forEach(table::insert);
    }
}

package io.fairlead.conntrack;

import io.fairlead.core.net.IpFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A table of flows in memory. Tests can make its operations fail. Thread-safe. */
final class FakeConntrack implements ConntrackTable {
    private final Map<UdpFlow, Integer> ids = new LinkedHashMap<>();
    private final List<String> troubles = new ArrayList<>();
    private int lastId;
    private int dumps;
    private int closed;
    private boolean deletionFails;

    synchronized void insert(UdpFlow flow) {
        ids.put(UdpFlows.withId(flow, 0), ++lastId);
    }

    /** Makes the next dumps fail, one dump for each reason. */
    synchronized void failNext(String... reasons) {
        troubles.addAll(List.of(reasons));
    }

    /** Makes the next deletion fail for its first flow. */
    synchronized void failNextDeletion() {
        deletionFails = true;
    }

    synchronized List<String> flows() {
        return ids.keySet().stream().map(UdpFlows::text).toList();
    }

    synchronized int dumps() {
        return dumps;
    }

    synchronized int closed() {
        return closed;
    }

    @Override
    public synchronized void dump(IpFamily family, Consumer<UdpFlow> each) {
        dumps++;
        if (!troubles.isEmpty()) {
            throw new ConntrackException(troubles.removeFirst());
        }
        ids.forEach((flow, id) -> {
            if (flow.family() == family) {
                each.accept(UdpFlows.withId(flow, id));
            }
        });
    }

    @Override
    public synchronized Removal delete(List<UdpFlow> flows) {
        Removal outcome = Removal.NOTHING;
        for (UdpFlow flow : flows) {
            if (deletionFails) {
                deletionFails = false;
                outcome = outcome.plus(new Removal(0, 0, 1, "no memory"));
                continue;
            }
            boolean removed = ids.remove(UdpFlows.withId(flow, 0), flow.id());
            outcome = outcome.plus(new Removal(removed ? 1 : 0, removed ? 0 : 1, 0, ""));
        }
        return outcome;
    }

    @Override
    public synchronized void close() {
        closed++;
    }
}

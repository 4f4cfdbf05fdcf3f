package io.fairlead.agent.compare;

import io.fairlead.core.net.IpPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * What becomes of packets to a frontend.
 *
 * @param endpoints all that some packet may be sent to, whichever client it comes from; sorted
 * @param refusal what becomes of those that are sent to none
 */
record Reached(List<IpPort> endpoints, Refusal refusal) {

    /** How packets are refused. */
    enum Refusal {
        NONE,
        REJECT,
        DROP
    }

    static final Reached NOTHING = new Reached(List.of(), Refusal.NONE);

    Reached {
        endpoints = List.copyOf(new TreeSet<>(endpoints));
    }

    Reached and(Collection<IpPort> more) {
        List<IpPort> all = new ArrayList<>(endpoints);
        all.addAll(more);
        return new Reached(all, refusal);
    }

    /** The first refusal counts, as the first rule does. */
    Reached and(Refusal other) {
        return refusal == Refusal.NONE ? new Reached(endpoints, other) : this;
    }

    /** For people: "10.0.0.1:80, 10.0.0.2:80 + 3 more". */
    String text() {
        int shown = Math.min(5, endpoints.size());
        String list = String.join(
                ", ", endpoints.subList(0, shown).stream().map(IpPort::text).toList());
        String more = endpoints.size() > shown ? " + " + (endpoints.size() - shown) + " more" : "";
        String refused = switch (refusal) {
            case NONE -> endpoints.isEmpty() ? "nothing" : "";
            case REJECT -> endpoints.isEmpty() ? "reject" : ", else reject";
            case DROP -> endpoints.isEmpty() ? "drop" : ", else drop";
        };
        return list + more + refused;
    }
}

package io.fairlead.agent.compare;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Frontend;
import java.util.Comparator;

/** Where a packet is caught: the one thing that rules of any layout have in common. */
record FrontendId(IpFamily family, Frontend.Key key) implements Comparable<FrontendId> {
    private static final Comparator<FrontendId> ORDER =
            Comparator.comparing(FrontendId::family).thenComparing(FrontendId::key);

    String text() {
        return family + " " + key.text();
    }

    @Override
    public int compareTo(FrontendId other) {
        return ORDER.compare(this, other);
    }
}

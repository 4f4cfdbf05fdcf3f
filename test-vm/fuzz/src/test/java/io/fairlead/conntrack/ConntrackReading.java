package io.fairlead.conntrack;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Opens the reader of conntrack's flows to the fuzz tests. */
public final class ConntrackReading {
    private ConntrackReading() {}

    /** Returns the flows of both families as texts; empty if the reader refuses an answer. */
    public static Optional<List<String>> read(Libc libc) {
        List<String> flows = new ArrayList<>();
        try (NetlinkConntrack table = NetlinkConntrack.open(libc, NetworkNamespace.of(libc, ""))) {
            for (IpFamily family : IpFamily.values()) {
                table.dump(family, flow -> flows.add(flow.toString()));
            }
            return Optional.of(flows);
        } catch (ConntrackException _) {
            return Optional.empty();
        }
    }
}

package io.fairlead.conntrack;

import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.Libc;
import io.fairlead.linux.NetworkNamespace;

/** Opens the reader of conntrack's flows to the fuzz tests. */
public final class ConntrackReading {
    private ConntrackReading() {}

    /** Reads all flows of both families. */
    public static void read(Libc libc) {
        try (NetlinkConntrack table = NetlinkConntrack.open(libc, NetworkNamespace.of(libc, ""))) {
            for (IpFamily family : IpFamily.values()) {
                table.dump(family, _ -> {});
            }
        } catch (ConntrackException _) {
            // The reader refused the answer, as it should.
        }
    }
}

package io.fairlead.iptables.kernel;

import io.fairlead.core.cluster.Affinity;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.PortPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The client lists of the kernel (AFF-14): one for each endpoint of a Service with ClientIP affinity. The size of a
 * list is a parameter of the module when it is loaded, 100 by default. A new client replaces the one that was silent
 * for the longest time.
 *
 * @param limit the file with the size of the lists
 */
public record RecentLists(Path limit) {
    /** The folder of the module; it exists if the module is loaded or is part of the kernel. */
    static final Path MODULE = Path.of("/sys/module/xt_recent");

    /** The file with the size of the lists. */
    public static final Path LIMIT = Path.of("/sys/module/xt_recent/parameters/ip_list_tot");

    /** A list with fewer clients is too short for a busy endpoint. */
    private static final int ENOUGH = 1000;

    /** Returns a warning if one of these Services may have more clients than fit into the lists. */
    public List<String> notices(Function<IpFamily, Stream<PortPlan>> ports) {
        Optional<PortPlan> first = Stream.of(IpFamily.values())
                .flatMap(ports)
                .filter(port -> port.affinity() instanceof Affinity.ClientIp)
                .findFirst();
        Optional<Integer> clients = clients();
        return first.isEmpty() || clients.isEmpty() || clients.get() >= ENOUGH
                ? List.of()
                : List.of("the kernel keeps at most " + clients.get()
                        + " clients for each endpoint of Services with ClientIP affinity, such as Service "
                        + first.get().name().service() + ": load module xt_recent with a larger ip_list_tot");
    }

    /** Returns the size of the lists; empty if the module is not loaded. */
    private Optional<Integer> clients() {
        try {
            return Optional.of(Integer.parseInt(
                    Files.readString(limit, StandardCharsets.US_ASCII).strip()));
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
    }
}

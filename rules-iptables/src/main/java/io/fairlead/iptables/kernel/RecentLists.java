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
 * The kernel's lists of clients (AFF-14): one for each endpoint of a Service with ClientIP affinity, each with as
 * many clients as the module was told when it was loaded, 100 if it was told nothing. The longest silent one is
 * forgotten for a new one.
 *
 * @param limit the file that says how many
 */
public record RecentLists(Path limit) {
    /** There once the module is loaded, or if it is part of the kernel. */
    static final Path MODULE = Path.of("/sys/module/xt_recent");

    /** Where the kernel has it. */
    public static final Path LIMIT = Path.of("/sys/module/xt_recent/parameters/ip_list_tot");

    /** Fewer than this are not enough for a Service that is worth an endpoint. */
    private static final int ENOUGH = 1000;

    /** A sentence, if there are Services among these whose clients may be too many. */
    public List<String> notices(Function<IpFamily, Stream<PortPlan>> ports) {
        Optional<PortPlan> first = Stream.of(IpFamily.values())
                .flatMap(ports)
                .filter(port -> port.affinity() instanceof Affinity.ClientIp)
                .findFirst();
        Optional<Integer> clients = clients();
        return first.isEmpty() || clients.isEmpty() || clients.get() >= ENOUGH
                ? List.of()
                : List.of("the kernel remembers no more than " + clients.get()
                        + " clients for each endpoint of Services with ClientIP affinity, Service "
                        + first.get().name().service() + " among them: load xt_recent with a larger ip_list_tot");
    }

    /** Empty if the module is not loaded. */
    private Optional<Integer> clients() {
        try {
            return Optional.of(Integer.parseInt(
                    Files.readString(limit, StandardCharsets.US_ASCII).strip()));
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
    }
}

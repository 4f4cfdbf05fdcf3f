package io.fairlead.agent;

import io.fairlead.agent.serve.CountedPackets;
import io.fairlead.agent.sysctl.NodeSetup;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import io.fairlead.linux.time.TimeSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The node and the process of an agent, as its caller provides them.
 *
 * @param node the node whose sysctls are set; null if the agent must not set them, as in another network namespace
 * @param backend opens the backend when the primary family is known (PROTO-7)
 * @param hasRulesOf whether this node has rules of a family at all (PROTO-6)
 * @param addresses lists the addresses of the node's interfaces, also at each recheck; may throw any exception
 * @param counted the packets that rules count
 * @param removeLeftovers removes the rules of the other mode from the kernel, after the first rules were applied
 *     (CLN-2)
 * @param verbosity sets how much is logged from now on
 * @param flags the text of {@code /flagz}
 * @param time the only clock
 */
public record AgentEnvironment<R extends Ruleset, C extends Change>(
        @Nullable NodeSetup node,
        Function<IpFamily, Backend<R, C>> backend,
        Predicate<IpFamily> hasRulesOf,
        Supplier<List<Ip>> addresses,
        List<CountedPackets> counted,
        Runnable removeLeftovers,
        IntConsumer verbosity,
        Supplier<String> flags,
        TimeSource time) {}

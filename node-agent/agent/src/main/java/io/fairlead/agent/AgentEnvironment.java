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
 * The parts of an agent that depend on the node and the process. The caller of the agent provides them.
 *
 * @param node sets the sysctls of the node; null if the agent must not set them, for example because it uses another
 *     network namespace
 * @param backend creates the backend for a primary IP family, when this family is known (PROTO-7)
 * @param hasRulesOf returns whether this node can have rules of an IP family (PROTO-6)
 * @param addresses lists the addresses of the node's interfaces. It is called at the start and at each recheck, and may
 *     throw any exception
 * @param counted the packet counters in the rules
 * @param removeLeftovers removes the rules of the other mode from the kernel. It is called after the first rules were
 *     applied (CLN-2)
 * @param verbosity sets the verbosity of the log
 * @param flags returns the text of the page {@code /flagz}
 * @param site the pages of {@code --ui}
 * @param time the clock that all parts of the agent use
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
        Site site,
        TimeSource time) {}

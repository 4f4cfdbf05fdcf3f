package io.fairlead.agent.live;

import io.fairlead.agent.logging.LogLine;
import io.fairlead.agent.sysctl.NodeSetup;
import io.fairlead.agent.time.TimeSource;
import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Ruleset;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an agent works with.
 *
 * @param node whose sysctls are set; null if they are somebody else's, as in another network namespace
 * @param backend opened once the primary family is known (PROTO-7)
 * @param isThere whether this node has rules of a family at all (PROTO-6)
 * @param addresses of the node's interfaces, asked again at each look at the kernel; may fail with any exception
 * @param leftovers removes what the other mode left in the kernel, and says what it did, a line each (CLN-2)
 * @param log takes lines for an operator
 * @param verbosity takes how much is to be logged from now on
 * @param flags what {@code /flagz} shows
 * @param time the only clock
 */
public record AgentParts<R extends Ruleset, C extends Change>(
        @Nullable NodeSetup node,
        Function<IpFamily, Backend<R, C>> backend,
        Predicate<IpFamily> isThere,
        Supplier<List<Ip>> addresses,
        Supplier<List<LogLine>> leftovers,
        Consumer<LogLine> log,
        IntConsumer verbosity,
        Supplier<String> flags,
        TimeSource time) {}

package io.fairlead.agent.conntrack;

import io.fairlead.core.net.IpFamily;
import java.time.Duration;

/**
 * One look at all UDP flows of one family.
 *
 * @param took for the look and the removals
 * @param seen UDP flows looked at
 * @param removed flows removed
 */
public record ConntrackPass(IpFamily family, Duration took, long seen, long removed) {}

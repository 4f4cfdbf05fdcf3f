package io.fairlead.conntrack;

import io.fairlead.core.net.IpFamily;
import java.time.Duration;

/**
 * The result of one pass over all UDP flows of one family.
 *
 * @param took the time of listing and removing
 * @param seen the number of UDP flows that were checked
 * @param removed the number of flows that were removed
 */
public record ConntrackPass(IpFamily family, Duration took, long seen, long removed) {}

package io.fairlead.conntrack;

import io.fairlead.core.net.IpFamily;
import java.time.Duration;

/**
 * The result of one check of all UDP flows of one IP family in conntrack.
 *
 * @param took the duration, which includes the removal of flows
 * @param seen the number of UDP flows that were checked
 * @param removed the number of flows that were removed
 */
public record ConntrackPass(IpFamily family, Duration took, long seen, long removed) {}

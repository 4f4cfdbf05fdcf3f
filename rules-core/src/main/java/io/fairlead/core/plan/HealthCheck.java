package io.fairlead.core.plan;

import io.fairlead.core.cluster.ServiceName;
import io.fairlead.core.net.IpFamily;

/**
 * The health check node port of a Service (SVC-19, LBF-10).
 *
 * @param port 1 to 65535
 * @param localReadyEndpoints the number of distinct addresses of ready endpoints on this node, over all ports of the
 *     Service (EPS-15)
 */
public record HealthCheck(ServiceName service, IpFamily family, int port, int localReadyEndpoints) {}

/**
 * The HTTP pages of the agent: health, metrics, configuration, and health check node ports, on kube-proxy's ports and
 * with its texts. Entry types: {@link io.fairlead.agent.serve.HealthPages}, {@link
 * io.fairlead.agent.serve.MetricsPages}, {@link io.fairlead.agent.serve.PageServer}, {@link
 * io.fairlead.agent.serve.HealthCheckPorts}. The agent passes values in; this package reads no other part of the agent.
 */
@NullMarked
package io.fairlead.agent.serve;

import org.jspecify.annotations.NullMarked;

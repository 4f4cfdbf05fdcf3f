/**
 * What the agent answers over HTTP: health, metrics, configuration, and health check node ports, on kube-proxy's
 * ports and in its words. Entry types: {@link io.fairlead.agent.serve.HealthPages}, {@link
 * io.fairlead.agent.serve.MetricsPages}, {@link io.fairlead.agent.serve.PageServer}, {@link
 * io.fairlead.agent.serve.HealthCheckPorts}. Is fed by the agent; asks nobody for anything.
 */
@NullMarked
package io.fairlead.agent.serve;

import org.jspecify.annotations.NullMarked;

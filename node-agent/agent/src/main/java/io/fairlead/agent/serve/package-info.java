/**
 * Serves the HTTP pages of the agent: health, metrics, configuration, and health check node ports. Ports and texts are
 * the same as in kube-proxy. Entry types: {@link io.fairlead.agent.serve.HealthPages}, {@link
 * io.fairlead.agent.serve.MetricsPages}, {@link io.fairlead.agent.serve.PageServer}, {@link
 * io.fairlead.agent.serve.HealthCheckPorts}. The agent passes all values to this package; this package does not depend
 * on other parts of the agent.
 */
@NullMarked
package io.fairlead.agent.serve;

import org.jspecify.annotations.NullMarked;

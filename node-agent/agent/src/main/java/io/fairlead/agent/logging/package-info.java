/**
 * Writes the log in kube-proxy's two formats, klog's text format and JSON, and with kube-proxy's verbosity (FLG-7).
 * Entry type: {@link io.fairlead.agent.logging.LogWriter}. Other packages and libraries log through SLF4J; this package
 * is the SLF4J provider.
 */
@NullMarked
package io.fairlead.agent.logging;

import org.jspecify.annotations.NullMarked;

/**
 * The log: kube-proxy's two formats, text as klog writes it and JSON, and its verbosity (FLG-7). Entry type: {@link
 * io.fairlead.agent.logging.LogWriter}. Lines of other packages and of libraries come through SLF4J; this package is
 * its provider.
 */
@NullMarked
package io.fairlead.agent.logging;

import org.jspecify.annotations.NullMarked;

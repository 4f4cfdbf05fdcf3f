/**
 * Finds the proxy that runs on a node, and its configuration. Entry type: {@link
 * io.fairlead.inspect.proxy.RunningProxy}.
 */
@NullMarked
package io.fairlead.inspect.proxy;

import org.jspecify.annotations.NullMarked;

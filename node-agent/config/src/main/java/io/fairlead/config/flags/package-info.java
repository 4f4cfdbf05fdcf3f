/**
 * kube-proxy's command line: which flags there are, how their words are read, and which field of the configuration each
 * one stands for. Entry types: {@link io.fairlead.config.flags.KubeProxyFlag} (the table), {@link
 * io.fairlead.config.flags.FlagWords} (the grammar) and {@link io.fairlead.config.flags.FlagValues} (what was given).
 * Knows nothing of commands.
 */
@NullMarked
package io.fairlead.config.flags;

import org.jspecify.annotations.NullMarked;

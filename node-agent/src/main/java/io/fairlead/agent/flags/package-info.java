/**
 * kube-proxy's command line: which flags there are, how their words are read, and which field of the configuration each one
 * stands for. Entry types: {@link io.fairlead.agent.flags.KubeProxyFlag} (the table),
 * {@link io.fairlead.agent.flags.FlagWords} (the grammar) and {@link io.fairlead.agent.flags.FlagValues} (what was given).
 * Knows nothing of commands.
 */
@NullMarked
package io.fairlead.agent.flags;

import org.jspecify.annotations.NullMarked;

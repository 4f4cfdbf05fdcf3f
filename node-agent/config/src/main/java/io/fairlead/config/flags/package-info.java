/**
 * kube-proxy's command line: the table of flags, the grammar of the words, and the configuration field of each flag.
 * Entry types: {@link io.fairlead.config.flags.KubeProxyFlag} (the table), {@link io.fairlead.config.flags.FlagWords}
 * (the grammar) and {@link io.fairlead.config.flags.FlagValues} (the given values). It does not depend on commands.
 */
@NullMarked
package io.fairlead.config.flags;

import org.jspecify.annotations.NullMarked;

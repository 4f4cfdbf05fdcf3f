/**
 * Parses kube-proxy's command line. Entry types: {@link io.fairlead.config.flags.KubeProxyFlag} (the list of flags and
 * their configuration fields), {@link io.fairlead.config.flags.FlagWords} (the forms in which flags are written) and
 * {@link io.fairlead.config.flags.FlagValues} (the parsed values). This package does not depend on commands.
 */
@NullMarked
package io.fairlead.config.flags;

import org.jspecify.annotations.NullMarked;

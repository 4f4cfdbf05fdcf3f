/**
 * Runs programs. A {@link io.fairlead.linux.process.Command} is data; a {@link io.fairlead.linux.process.ProcessRunner}
 * runs it, and {@link io.fairlead.linux.process.ExecProcessRunner} is the one that starts real processes. {@link
 * io.fairlead.linux.process.Capabilities} are what this process may do.
 */
@NullMarked
package io.fairlead.linux.process;

import org.jspecify.annotations.NullMarked;

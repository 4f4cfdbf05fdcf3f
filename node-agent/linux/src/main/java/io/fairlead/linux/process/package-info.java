/**
 * Runs programs. A {@link io.fairlead.linux.process.Command} is data, a {@link io.fairlead.linux.process.ProcessRunner}
 * runs it, and {@link io.fairlead.linux.process.ExecProcessRunner} starts real processes. {@link
 * io.fairlead.linux.process.Capabilities} are the rights of this process.
 */
@NullMarked
package io.fairlead.linux.process;

import org.jspecify.annotations.NullMarked;

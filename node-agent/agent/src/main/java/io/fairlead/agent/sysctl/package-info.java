/**
 * Writes settings of the node before rules are written: the sysctls for connection tracking and routing, and the
 * process's OOM score, which determines how likely the kernel is to kill the process. Entry type: {@link
 * io.fairlead.agent.sysctl.NodeSetup}. A value that is already right is not written.
 */
@NullMarked
package io.fairlead.agent.sysctl;

import org.jspecify.annotations.NullMarked;

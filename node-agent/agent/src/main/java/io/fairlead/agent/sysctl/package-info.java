/**
 * Sets up the node before rules work: sysctls of connection tracking and routing, and how likely the kernel is to kill
 * this process. Entry type: {@link io.fairlead.agent.sysctl.NodeSetup}. It does not write a value that is already
 * right.
 */
@NullMarked
package io.fairlead.agent.sysctl;

import org.jspecify.annotations.NullMarked;

/**
 * What the node itself has to be set to before rules work: sysctls of connection tracking and routing, and how likely
 * the kernel is to kill this process. Entry type: {@link io.fairlead.agent.sysctl.NodeSetup}. Writes nothing that is
 * right already.
 */
@NullMarked
package io.fairlead.agent.sysctl;

import org.jspecify.annotations.NullMarked;

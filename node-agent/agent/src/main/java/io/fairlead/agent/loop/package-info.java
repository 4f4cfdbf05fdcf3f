/**
 * The agent's loop. Changes of cluster objects wait in a {@link io.fairlead.agent.loop.ChangeQueue}. A round takes
 * these changes, computes the plan (what the node must do for each Service) and updates the rules in the kernel. The
 * {@link io.fairlead.agent.loop.RoundResult} is passed to the listeners for the log, metrics, health, conntrack and
 * Events. Entry type: {@link io.fairlead.agent.loop.AgentLoop}. This package knows neither the source of the objects
 * nor whether the rules are for iptables or nftables.
 */
@NullMarked
package io.fairlead.agent.loop;

import org.jspecify.annotations.NullMarked;

/**
 * The agent's loop. Changes of the cluster wait in a {@link io.fairlead.agent.loop.ChangeQueue}; a round plans them
 * and brings the kernel in step; its {@link io.fairlead.agent.loop.RoundResult} goes to the listeners: log, metrics,
 * health, conntrack, Events. Entry type: {@link io.fairlead.agent.loop.AgentLoop}. Knows neither where the objects
 * come from nor how rules are written.
 */
@NullMarked
package io.fairlead.agent.loop;

import org.jspecify.annotations.NullMarked;

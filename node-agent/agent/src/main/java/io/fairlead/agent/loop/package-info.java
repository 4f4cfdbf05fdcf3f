/**
 * The agent's loop. Cluster changes wait in a {@link io.fairlead.agent.loop.ChangeQueue}. A round plans them and brings
 * the kernel in step with the plan. Its {@link io.fairlead.agent.loop.RoundResult} goes to the listeners: log, metrics,
 * health, conntrack, Events. Entry type: {@link io.fairlead.agent.loop.AgentLoop}. It knows neither the source of the
 * objects nor the dialect of the rules.
 */
@NullMarked
package io.fairlead.agent.loop;

import org.jspecify.annotations.NullMarked;

/**
 * The agent on a real cluster: watches, sync loop, servers and node set-up put together. Entry type:
 * {@link io.fairlead.agent.live.LiveAgent}. Decides nothing about rules.
 */
@NullMarked
package io.fairlead.agent.live;

import org.jspecify.annotations.NullMarked;

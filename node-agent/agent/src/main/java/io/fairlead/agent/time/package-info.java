/** The agent's clock. Entry type: {@link io.fairlead.agent.time.TimeSource}. It depends on nothing. */
@NullMarked
package io.fairlead.agent.time;

import org.jspecify.annotations.NullMarked;

/**
 * The one place that starts other programs. Entry type: {@link io.fairlead.agent.process.ExecProcessRunner}. Knows nothing of
 * what they do. And what this process itself may do, {@link io.fairlead.agent.process.Capabilities}, and
 * keeps in memory, {@link io.fairlead.agent.process.IdleMemory}.
 */
@NullMarked
package io.fairlead.agent.process;

import org.jspecify.annotations.NullMarked;

/** Reduces the memory of this process. */
@NullMarked
package io.fairlead.agent.process;

import org.jspecify.annotations.NullMarked;

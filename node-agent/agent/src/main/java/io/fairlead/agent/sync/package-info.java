/**
 * Keeping a kernel in step with changing objects: what happens in which order, what is told, what is tried again. Entry
 * type: {@link io.fairlead.agent.sync.SyncLoop}. Knows backends only by their interface.
 */
@NullMarked
package io.fairlead.agent.sync;

import org.jspecify.annotations.NullMarked;

/**
 * Walks tables as the kernel would, over all random choices. Entry type: {@link io.fairlead.nft.trace.PacketTracer}.
 * Shares nothing with the renderer but the objects, and fails on everything it does not know.
 */
@NullMarked
package io.fairlead.nft.trace;

import org.jspecify.annotations.NullMarked;

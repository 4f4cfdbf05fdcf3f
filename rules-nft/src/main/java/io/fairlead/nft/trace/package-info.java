/**
 * Follows packets through tables as the kernel would, over all random choices. Entry type:
 * {@link io.fairlead.nft.trace.PacketTracer}. It shares only the values of {@code rule} with the renderer, and fails on
 * everything that it does not know.
 */
@NullMarked
package io.fairlead.nft.trace;

import org.jspecify.annotations.NullMarked;

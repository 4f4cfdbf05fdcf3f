/**
 * Follows packets through tables as the kernel would, over all random choices. Entry type:
 * {@link io.fairlead.nft.trace.PacketTracer}. This package shares only the types in {@code rule} with the renderer. It
 * fails on everything that it does not know.
 */
@NullMarked
package io.fairlead.nft.trace;

import org.jspecify.annotations.NullMarked;

/**
 * From a plan to our tables: pure functions, Service port by Service port. Entry type:
 * {@link io.fairlead.nft.render.Renderer}. Knows nothing of text or kernel.
 */
@NullMarked
package io.fairlead.nft.render;

import org.jspecify.annotations.NullMarked;

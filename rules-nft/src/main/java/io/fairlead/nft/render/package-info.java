/**
 * Renders a plan to our tables, Service port by Service port. Pure. Entry type:
 * {@link io.fairlead.nft.render.Renderer}. Does not depend on text or kernel.
 */
@NullMarked
package io.fairlead.nft.render;

import org.jspecify.annotations.NullMarked;

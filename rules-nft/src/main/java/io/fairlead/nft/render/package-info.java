/**
 * Renders a plan as Fairlead's tables, one Service port after the other, without side effects. Entry type:
 * {@link io.fairlead.nft.render.Renderer}. This package does not depend on {@code text} or {@code kernel}.
 */
@NullMarked
package io.fairlead.nft.render;

import org.jspecify.annotations.NullMarked;
